"""Writes the masks of a reply, and the image with each object in white, as PNG: by the steps of ai.google.dev/gemini-api/docs/image-understanding.

Usage: pillowMasks.py IMAGE REPLY FOLDER WAY MOST; REPLY: a JSON list of {box_2d, mask, label}; MOST: objects that are written; WAY: thumbnail (to 1024, a loop
over the pixels of each object), full (the same without the thumbnail), numpy (full, white laid over whole arrays). Prints the milliseconds and the objects.
"""
import base64
import io
import json
import os
import sys
import time

import numpy
from PIL import Image, ImageDraw

WHITE = (255, 255, 255, 200)


def by_loop(image, mask, left, top):
    overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(overlay)
    values = numpy.array(mask)
    for y in range(mask.height):
        for x in range(mask.width):
            if values[y, x] > 128:
                draw.point((left + x, top + y), fill=WHITE)
    return overlay


def by_arrays(image, mask, left, top):
    overlay = numpy.zeros((image.height, image.width, 4), dtype=numpy.uint8)
    overlay[top : top + mask.height, left : left + mask.width][numpy.array(mask) > 128] = WHITE
    return Image.fromarray(overlay)


def export(path, reply, folder, way, most):
    image = Image.open(path)
    if way == "thumbnail":
        image.thumbnail([1024, 1024], Image.Resampling.LANCZOS)
    with open(reply, encoding="utf-8") as file:
        items = json.load(file)[:most]
    os.makedirs(folder, exist_ok=True)
    for place, item in enumerate(items):
        edges = [value / 1000 for value in item["box_2d"]]
        top, bottom = int(edges[0] * image.height), int(edges[2] * image.height)
        left, right = int(edges[1] * image.width), int(edges[3] * image.width)
        mask = Image.open(io.BytesIO(base64.b64decode(item["mask"].removeprefix("data:image/png;base64,"))))
        mask = mask.convert("L").resize((right - left, bottom - top), Image.Resampling.BILINEAR)
        overlay = (by_arrays if way == "numpy" else by_loop)(image, mask, left, top)
        name = os.path.join(folder, f"{item['label']}_{place}")
        mask.save(f"{name}_mask.png")
        Image.alpha_composite(image.convert("RGBA"), overlay).save(f"{name}_overlay.png")
    return len(items)


start = time.perf_counter()
objects = export(*sys.argv[1:5], int(sys.argv[5]))
print((time.perf_counter() - start) * 1000, objects)
