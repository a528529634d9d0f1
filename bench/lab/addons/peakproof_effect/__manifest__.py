{
    "name": "Effects of known size",
    "version": "14.0.1.0.0",
    "summary": "Adds statements, CPU time or waiting to two steps, by the environment of the server",
    "author": "peakproof",
    "license": "LGPL-3",
    "category": "Sales",
    "depends": ["sale_management", "website_sale"],
}
