"""Arrays and frozen records to pictures: pure functions that know one theme and nothing of pages."""

# Streamlit loads it with the first canvas or table. Plotly looks for it among the loaded modules and would take it half
# loaded, where another visitor's page is just loading it: an import waits for the whole.
import pandas as pandas  # type: ignore[import-untyped]
