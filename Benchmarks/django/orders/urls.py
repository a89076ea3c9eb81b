"""/api/orders/ and /api/orders/ID/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from orders.views import OrderViewSet

router = SimpleRouter()
router.register("orders", OrderViewSet)
urlpatterns = [path("api/", include(router.urls))]
