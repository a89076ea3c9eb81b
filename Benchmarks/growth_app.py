"""The app that growth and cost are measured with: orders, messages and a form, in as many collections and under as long a
rule as wanted."""

HEAD = "offstage: 1\nname: Growth\n\ncollections:\n"
ORDERS = """  {name}:
    fields:
      customer: {{type: text, required: true, max: 100}}
      status:   {{type: choice, of: [new, paid, shipped], default: new}}
      total:    {{type: decimal, digits: 12, scale: 2, required: true, min: 0}}
{indexes}    access: {{read: {rule}, create: true}}
"""
INDEXES = "    indexes: [[status, -created]]\n"
TAIL = """  messages:
    fields:
      name:    {type: text, required: true, max: 100}
      email:   {type: email, required: true}
      message: {type: text, required: true, max: 5000}
      read:    {type: boolean, default: false}
    access: {}

forms:
  contact:
    into: messages
    fields: [name, email, message]
    limit: 999999/minute
"""


def rule(terms: int) -> str:
    """A rule of so many comparisons, of which the last alone is true: so SQLite looks at each of them, for each record."""
    if terms == 0:
        return "true"
    never = [f'customer == "nobody {number}"' for number in range(1, terms)]
    return "'" + " || ".join([*never, "version > 0"]) + "'"


def text(collections: int = 1, terms: int = 0, indexed: bool = True) -> str:
    """The app file: `orders` under a rule of so many terms, and collections like it until there are as many as wanted."""
    names = ["orders", *(f"orders_{number}" for number in range(2, collections + 1))]
    rules = [rule(terms), *["true"] * (collections - 1)]
    indexes = INDEXES if indexed else ""
    return HEAD + "".join(ORDERS.format(name=name, rule=what, indexes=indexes) for name, what in zip(names, rules)) + TAIL

