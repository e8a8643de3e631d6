"""Running the product: migrations, operators, health."""
