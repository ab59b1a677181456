"""With numpy, as sparing as it gets: only the box of each mask is looked at and blended."""

import numpy as np

from reply import ALPHA, main, objects


def paint(text, width, height):
    image = np.zeros((height, width, 4), np.uint8)
    share = ALPHA / 255
    for colour, (left, top, right, bottom), mask in objects(text, width, height):
        region = image[top:bottom, left:right]
        inside = np.array(mask) > 127
        region[inside] = (region[inside] * (1 - share) + np.array([*colour, 255]) * share).astype(np.uint8)
    return image


main(paint)
