"""What is told to MLflow: entries wait in the store until a process of their own has sent them."""
