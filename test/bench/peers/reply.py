"""What both peers share: reading the reply, stretching a mask, and taking times."""

import base64
import io
import json
import sys
import time

from PIL import Image

COLOURS = [(105, 193, 252), (223, 88, 34), (247, 254, 21), (142, 126, 186), (57, 254, 233)]
ALPHA = 128


def objects(text, width, height):
    """Colour, pixel box and stretched mask of each object of a reply."""
    start, end = text.index("["), text.rindex("]")
    for index, item in enumerate(json.loads(text[start : end + 1])):
        top, left, bottom, right = item["box_2d"]
        box = (int(left / 1000 * width), int(top / 1000 * height), int(right / 1000 * width), int(bottom / 1000 * height))
        png = base64.b64decode(item["mask"].removeprefix("data:image/png;base64,"))
        mask = Image.open(io.BytesIO(png)).convert("L")
        size = (box[2] - box[0], box[3] - box[1])
        yield COLOURS[index % len(COLOURS)], box, mask.resize(size, Image.Resampling.BILINEAR)


def main(paint):
    """Arguments: file with the reply, width, height, runs. Prints the milliseconds of each run as JSON."""
    path, width, height, runs = sys.argv[1], *map(int, sys.argv[2:5])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    times = []
    for run in range(runs + 1):
        start = time.perf_counter()
        paint(text, width, height)
        if run > 0:
            times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times))
