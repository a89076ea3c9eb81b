import Testing

@Suite struct OutgoingPlaceholderTests {}
