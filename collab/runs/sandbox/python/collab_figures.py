"""The backend of matplotlib in a run: plt.show() reports the figures on descriptor 3."""

import base64
import io
import json
import os
import time

from matplotlib import _pylab_helpers
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

_BETWEEN = 0.25
"""Seconds between two showings of an animation, in which plt.pause() shows each step."""
_shown_at = -_BETWEEN


class FigureManager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block=None):
        global _shown_at  # noqa: PLW0603
        now = time.monotonic()
        if block is False and now - _shown_at < _BETWEEN:
            return
        _shown_at = now
        for manager in _pylab_helpers.Gcf.get_all_fig_managers():
            _report(manager.canvas.figure)
        if block is not False:
            _pylab_helpers.Gcf.destroy_all()


class FigureCanvas(FigureCanvasAgg):
    manager_class = FigureManager


def _report(figure):
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    line = json.dumps({"picture": base64.b64encode(picture.getvalue()).decode()}).encode() + b"\n"
    try:
        while line:
            line = line[os.write(3, line) :]
    except OSError:
        pass
