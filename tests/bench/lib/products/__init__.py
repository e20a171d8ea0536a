"""The servers that are compared, in the order of the tables."""

from . import dnsmasq, echo, isc, kea, twindhcp

PRODUCTS = {product.name: product for product in (
    twindhcp.Pair, twindhcp.Alone, kea.LoadBalancing, kea.HotStandby, kea.Single, isc.Failover,
    isc.Single, dnsmasq.Dnsmasq, echo.EchoPair, echo.Echo)}
