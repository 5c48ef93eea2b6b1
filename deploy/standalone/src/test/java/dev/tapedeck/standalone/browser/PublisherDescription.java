package dev.tapedeck.standalone.browser;

import java.util.Map;

/** What a publishing browser and the server agreed on. @param extensionIds id by URI (RFC 8285) */
public record PublisherDescription(String connectionState, Map<String, Integer> extensionIds) {}
