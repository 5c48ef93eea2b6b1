package dev.tapedeck.media.core.packet;

import java.net.InetSocketAddress;

/**
 * One way a datagram can take: the local socket it came in on and the remote address it came from. Replies leave by
 * the same socket. Interned by the worker, so that paths are compared by identity on the hot path.
 *
 * @param socket  number of the local socket among those of all workers
 * @param high    first 8 bytes of the remote IPv6 address; 0 for IPv4
 * @param low     last 8 bytes; IPv4 stands as an IPv4-mapped address (RFC 4291 §2.5.5.2)
 * @param port    remote UDP port
 * @param remote  the same address for people and cold code
 */
public record Path(int socket, long high, long low, int port, InetSocketAddress remote) {}
