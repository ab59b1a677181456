"""The way of the documentation: for each mask a layer of the image's size, drawn point by point, blended over the image by Pillow."""

from PIL import Image, ImageDraw

from reply import ALPHA, main, objects


def paint(text, width, height):
    image = Image.new("RGBA", (width, height))
    for colour, (left, top, right, bottom), mask in objects(text, width, height):
        layer = Image.new("RGBA", (width, height))
        draw = ImageDraw.Draw(layer)
        values = mask.load()
        for y in range(top, bottom):
            for x in range(left, right):
                if values[x - left, y - top] > 127:
                    draw.point((x, y), fill=(*colour, ALPHA))
        image = Image.alpha_composite(image, layer)
    return image.tobytes()


main(paint)
