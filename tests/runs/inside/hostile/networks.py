"""Sockets that lead out."""

import socket

from attempts import Held, OUTSIDE, case


def connects(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as client:
        client.settimeout(1)
        client.connect(address)
        if kind == socket.SOCK_DGRAM:
            client.send(b"got out")
    return f"reached {address}"


case("the server's port")(lambda: connects(socket.AF_INET, ("127.0.0.1", OUTSIDE["port"])))
case("its port by IPv6")(lambda: connects(socket.AF_INET6, ("::1", OUTSIDE["port"])))
case("its socket file")(lambda: connects(socket.AF_UNIX, OUTSIDE["socket"]))
case("its datagram socket file")(
    lambda: connects(socket.AF_UNIX, OUTSIDE["datagrams"], socket.SOCK_DGRAM)
)
case("its abstract socket")(lambda: connects(socket.AF_UNIX, "\0" + OUTSIDE["abstract"]))
case("a network")(lambda: connects(socket.AF_INET, ("192.0.2.1", 53), socket.SOCK_DGRAM))


@case("UDP to the server")
def _():
    connects(socket.AF_INET, ("127.0.0.1", OUTSIDE["udp"]), socket.SOCK_DGRAM)
    raise Held  # judged from outside


@case("a datagram from a pair of sockets")
def _():
    one, _other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"got out", OUTSIDE["datagrams"])
    return "sent"


def family(number, kind=socket.SOCK_DGRAM, protocol=0):
    socket.socket(number, kind, protocol).close()
    return "opened"


case("netlink")(lambda: family(socket.AF_NETLINK, socket.SOCK_RAW))
case("packets")(lambda: family(17, socket.SOCK_RAW, 0x300))
case("raw sockets")(lambda: family(socket.AF_INET, socket.SOCK_RAW, 1))
case("the kernel's ciphers")(lambda: family(38, socket.SOCK_SEQPACKET))
case("vsock")(lambda: family(40, socket.SOCK_STREAM))
case("bluetooth")(lambda: family(31, socket.SOCK_RAW))
