package dev.tapedeck.media.core.session;

import dev.tapedeck.protocol.wire.Tracks;
import dev.tapedeck.protocol.wire.features.Config;

/**
 * What a session with the session protocol begins with.
 *
 * @param negotiation its offers and answers; the worker's from now on
 * @param tracks      names of its m-lines, and what it sends and receives from the start
 * @param features    of the join, if it joins at once
 */
public record Meeting(Negotiation negotiation, Tracks tracks, Config features) {}
