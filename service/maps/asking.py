"""Asking for a map within a request."""

from service.maps.figures import Asking
from service.moments import now
from service.web.state import State
from service.work.acting import Acting


def asking_of(state: State, acting: Acting) -> Asking:
    """Return who asks for a map now, and what it is read from; raises NotReadyError while nothing was loaded yet."""
    serving = state.live.serving()
    return Asking(acting.session, serving.communes, state.assets, acting.principal.is_staff, now(), serving)
