"""Makes a photo ready to be sent, as it is usually done with Pillow. Prints the milliseconds of each round.

Usage: pillowPrepare.py FILE MODE ROUNDS; MODE: upright1024, thumbnail1024, full, crop (the middle quarter).
"""
import io
import sys
import time

from PIL import Image, ImageOps


def prepare(path, mode):
    image = ImageOps.exif_transpose(Image.open(path))
    if mode == "upright1024":
        factor = 1024 / max(image.size)
        image = image.resize((round(image.width * factor), round(image.height * factor)), Image.LANCZOS)
    if mode == "thumbnail1024":
        # Averages whole blocks first, as far as that cannot be seen much.
        image.thumbnail((1024, 1024), Image.LANCZOS)
    if mode == "crop":
        width, height = image.size
        image = image.crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    body = io.BytesIO()
    image.save(body, "JPEG", quality=90)
    return image.size


path, mode, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
for _ in range(rounds):
    start = time.perf_counter()
    size = prepare(path, mode)
    print((time.perf_counter() - start) * 1000)
print(f"{size[0]} x {size[1]}", file=sys.stderr)
