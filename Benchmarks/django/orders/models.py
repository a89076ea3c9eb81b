"""The orders and the messages of ../../offstage.yaml."""

from decimal import Decimal
from uuid import UUID

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from identifiers import new_id


def new_uuid() -> UUID:
    return UUID(new_id())


class Record(models.Model):
    """What every record has. The moments are defaults, so that rows can be given their own."""

    id = models.UUIDField(primary_key=True, default=new_uuid, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(default=timezone.now, editable=False)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Order(Record):
    customer = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=[("new", "new"), ("paid", "paid"), ("shipped", "shipped")], default="new")
    total = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))])

    class Meta:
        db_table = "orders"
        indexes = [
            models.Index(fields=["status", "-created"], name="orders_status_created"),
            models.Index(fields=["-created"], name="orders_created"),
        ]


class Message(Record):
    name = models.CharField(max_length=100)
    email = models.EmailField()
    message = models.TextField(max_length=5000)
    read = models.BooleanField(default=False)

    class Meta:
        db_table = "messages"
