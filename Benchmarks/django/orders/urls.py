"""/api/orders, /api/orders/ID and /forms/contact."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from orders.views import ContactForm, OrderViewSet

router = SimpleRouter(trailing_slash=False)
router.register("orders", OrderViewSet)
urlpatterns = [path("api/", include(router.urls)), path("forms/contact", ContactForm.as_view())]
