"""GET by id, the newest of a status, POST: as the framework's own documentation would have it written."""

from rest_framework import mixins, pagination, serializers, viewsets

from orders.models import Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "customer", "status", "total", "created", "updated"]


class NewestFirst(pagination.CursorPagination):
    """A page and the address of the next, without counting all."""

    page_size = 20
    ordering = "-created"


class OrderViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    pagination_class = NewestFirst

    def filter_queryset(self, queryset):
        status = self.request.query_params.get("status")
        return queryset.filter(status=status) if self.action == "list" and status else queryset
