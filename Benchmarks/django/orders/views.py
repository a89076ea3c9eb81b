"""GET by id, the newest of a status, POST, and the contact form: as the framework's own documentation would have it written."""

from django.http import HttpResponse, HttpResponseRedirect
from rest_framework import generics, mixins, pagination, parsers, renderers, serializers, viewsets

from orders.models import Message, Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "customer", "status", "total", "created", "updated", "version"]


class MessageSerializer(serializers.ModelSerializer):
    class Meta:
        model = Message
        fields = ["name", "email", "message"]


class NewestFirst(pagination.CursorPagination):
    """A page and the address of the next; all are counted only for those who ask for it."""

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 500
    ordering = "-created"

    def paginate_queryset(self, queryset, request, view=None):
        self.total = queryset.count() if request.query_params.get("count") == "true" else None
        return super().paginate_queryset(queryset, request, view)

    def get_paginated_response(self, data):
        response = super().get_paginated_response(data)
        response.data = {"items": data, "next": self.get_next_link()}
        if self.total is not None:
            response.data["total"] = self.total
        return response


class OrderViewSet(mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet):
    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    pagination_class = NewestFirst

    def filter_queryset(self, queryset):
        status = self.request.query_params.get("status")
        return queryset.filter(status=status) if self.action == "list" and status else queryset


class ContactForm(generics.CreateAPIView):
    queryset = Message.objects.all()
    serializer_class = MessageSerializer
    parser_classes = [parsers.FormParser, parsers.MultiPartParser]
    renderer_classes = [renderers.StaticHTMLRenderer]

    def create(self, request, *arguments, **named):
        serializer = self.get_serializer(data=request.data)
        if not serializer.is_valid():
            return HttpResponse("Something is missing or wrong.", status=422)
        serializer.save()
        return HttpResponseRedirect("/thanks", status=303)
