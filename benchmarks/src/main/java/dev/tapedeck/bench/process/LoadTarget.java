package dev.tapedeck.bench.process;

import dev.tapedeck.bench.client.JoinTokens;
import java.net.URI;

/**
 * The server under load.
 *
 * @param address of its HTTP
 * @param pid     of its process, whose CPU time is read
 * @param tokens  that it accepts
 */
public record LoadTarget(URI address, long pid, JoinTokens tokens) {}
