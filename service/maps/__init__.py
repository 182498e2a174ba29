"""Maps of communes: what is drawn, what is counted in each, the classes of a legend, points, GeoJSON.

boundaries, centres ──► Ground ─┐
records ──► figures ──► classes ┴──► page (SVG and table) | GeoJSON | CSV, XLSX
"""
