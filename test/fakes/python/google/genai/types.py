"""Any type that takes named fields and keeps them."""


class Any:
    def __init__(self, **fields):
        self.fields = fields

    def __getattr__(self, name):
        return self.fields[name]


def __getattr__(name):
    return Any
