package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.protocol.wire.Tracks;
import java.util.Optional;

/**
 * New ICE credentials and a new offer for a session of the session protocol.
 *
 * @param room  of the token that asks; must be that of the session's stay, as must {@code peer}
 * @param local our new credentials
 */
public record Reoffer(
    Optional<String> room, Optional<String> peer, IceCredentials local, Tracks tracks, String offer) {}
