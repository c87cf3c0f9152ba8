"""Pages for HR analysts: who is here, what was worked, which rules were kept, and why; `streamlit run dashboards/server.py`."""
