"""What readers tell whoever runs the service: kept, passed on by mail, looked at, done."""
