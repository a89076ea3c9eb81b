import Testing

@Suite struct MailPlaceholderTests {}
