"""Events for municipal technicians: kept by the incubator, attended by the people of communes."""
