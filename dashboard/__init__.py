"""What a running app holds: settings, store, jobs, security, routes and the Dash shell around the pages."""
