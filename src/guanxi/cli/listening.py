"""The address the web server listens on."""

import errno
import socket
import sys

from guanxi.cli.terminal import Halt

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def ensure_free(host: str, port: int) -> None:
    """Raises Halt with one line when nothing can listen there, as when the port is held."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as fault:
        raise Halt(f"GUANXI_HOST names no address: {host!r}. 没有这个主机地址。") from fault
    with socket.socket(family, kind, protocol) as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as fault:
            raise Halt(_reason(host, port, fault)) from fault


def _reason(host: str, port: int, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is held by another program; "
            f"set GUANXI_PORT to a free one. 端口 {port} 已被占用。"
        )
    if fault.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} on {host} is not allowed for this user. 没有权限使用端口 {port}。"
    return f"can't listen on {host}, port {port}: {fault.strerror}. 无法监听此地址。"


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((ANY.get(host, host), port), timeout=1):
            return True
    except OSError:
        return False


def address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    name = ANY.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
