package dev.tapedeck.composer.core.media;

/** One participant's one track in a composition.
 *  @param peer    name of the participant in the room
 *  @param session connection of that peer; two sessions of a peer are two participants on the canvas
 *  @param name    name of the track, unique within the session
 *  @param frames  its frames on the recording's time axis; the composer closes it */
public record ComposeTrack(String peer, long session, String name, boolean video, FrameSource frames) {}
