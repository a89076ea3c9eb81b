"""The orders of ../../offstage.yaml."""

import uuid
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models


class Order(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=[("new", "new"), ("paid", "paid"), ("shipped", "shipped")], default="new")
    total = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))])
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-created"], name="orders_status_created"),
            models.Index(fields=["-created"], name="orders_created"),
        ]
