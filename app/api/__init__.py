"""JSON over HTTP: one module per noun; speaks, and leaves deciding to the registrar."""
