/// Any bytes: the parser neither traps nor reads outside of them, and what it takes is written and read again the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSONParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let json = try? JSONParser.parse(bytes) else { return 0 }
    let text = written(json)
    guard let again = try? JSONParser.parse(text) else { fatalError("what was written is refused") }
    guard again == json, written(again) == text else { fatalError("what was written reads differently") }
    return 0
}

private func written(_ json: JSON) -> [UInt8] {
    var writer = JSONWriter()
    writer.write(json)
    return writer.bytes
}
