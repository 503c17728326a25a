"""What authors of filters, actions and providers import: protocols, parameter classes, the catalog."""
