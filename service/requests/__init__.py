"""Services that communes ask of the incubator: asked, taken up, answered within a term, counted."""
