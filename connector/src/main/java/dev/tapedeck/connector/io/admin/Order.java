package dev.tapedeck.connector.io.admin;

import dev.tapedeck.protocol.wire.Command;

/**
 * What an administrator wants done in a room.
 *
 * @param actor   who, as the audit log names it
 * @param action  slug for the audit log
 * @param target  what it is done to, "" for the room itself
 * @param detail  for the audit log, such as the reason
 * @param command for the media server of the room
 */
public record Order(
    String app, String actor, String action, String room, String target, String detail, Command.Builder command) {}
