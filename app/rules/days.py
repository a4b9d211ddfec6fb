"""Days and the instants that they begin and end at, in the registry's own zone, UTC."""

from datetime import UTC, date, datetime, time, timedelta


def day_of(at: datetime) -> date:
    """The day of an instant."""
    return at.astimezone(UTC).date()


def start_of(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time.min, UTC)


def years_after(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, where there is none, the day before."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February, where there is none, the day after."""
    return date(day.year + years, day.month, 1) + timedelta(days=day.day - 1)


def in_days(on: date, starts_on: date, ends_on: date | None) -> bool:
    """Whether a day lies in a period whose last day, if it has one, still belongs to it."""
    return starts_on <= on and (ends_on is None or on <= ends_on)
