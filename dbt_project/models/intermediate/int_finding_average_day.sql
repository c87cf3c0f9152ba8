-- compliance.average_day: work per working day, on average over each window.
{{ average_findings('average_day') }}
