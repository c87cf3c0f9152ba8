-- compliance.average_week: work per week, on average over each window.
{{ average_findings('average_week') }}
