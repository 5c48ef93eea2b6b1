package dev.tapedeck.standalone.browser;

/** What the server says a slot shows. @param state empty, waiting, active or unsupported_codec */
public record SlotView(String mid, String kind, String peer, String track, String state) {}
