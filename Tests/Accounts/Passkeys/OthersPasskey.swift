import Foundation
import OffstageSchema
import Testing

@testable import OffstageAccounts

/// What authenticators made by others answered: a new passkey and its first use, for `https://shop.example`.
struct OthersPasskey: Sendable, CustomTestStringConvertible {
    let name: String
    let challenge: [UInt8]
    let registration: JSON
    let secondChallenge: [UInt8]
    let assertion: JSON

    var testDescription: String { name }

    init?(_ json: JSON) {
        guard case .string(let name)? = json["name"], case .string(let challenge)? = json["challenge"],
            case .string(let second)? = json["secondChallenge"], let registration = json["registration"],
            let assertion = json["assertion"]
        else { return nil }
        self.name = name
        self.challenge = Base64URL.decode(challenge) ?? []
        self.registration = registration
        secondChallenge = Base64URL.decode(second) ?? []
        self.assertion = assertion
    }

    static func read(_ text: String) -> [OthersPasskey] {
        guard case .array(let all)? = try? JSONParser.parse(text.utf8) else { return [] }
        return all.compactMap(OthersPasskey.init)
    }

    /// A Python with the packages fido2 and soft-webauthn, when the tests are given one.
    static let python = ProcessInfo.processInfo.environment["OFFSTAGE_TEST_PYTHON"]

    /// What the script prints.
    static func run(_ python: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    /// Answers of soft-webauthn 0.1.4, and ones encoded and signed by fido2 1.2.0 and cryptography 44, made once by the script.
    static let kept = read(
        #"""
        [{"name":"soft-webauthn","challenge":"9KzQN_vZo4U9WCPm6q2elOQ-k9oG6OnI3-KdEUcpnC8","secondChallenge":"_rPrV59niO\#
        2utRp-3Ticmw86-t1bFjVH0V7moSosGYw","registration":{"id":"oDaSwS-cgNKrnlu4iA81OwSa3ANiBCZRdi24ec7PU3A","rawId":"o\#
        DaSwS-cgNKrnlu4iA81OwSa3ANiBCZRdi24ec7PU3A","type":"public-key","authenticatorAttachment":"platform","clientExte\#
        nsionResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiOUt6UU5fd\#
        lpvNFU5V0NQbTZxMmVsT1EtazlvRzZPbkkzLUtkRVVjcG5DOCIsICJvcmlnaW4iOiAiaHR0cHM6Ly9zaG9wLmV4YW1wbGUifQ","attestationO\#
        bject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikD1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHxBAAAAAAAAAAAAAAAAAAAA\#
        AAAAAAAAIKA2ksEvnIDSq55buIgPNTsEmtwDYgQmUXYtuHnOz1NwpQECAyYgASFYIFpJzaPmo0hNi_KTv0Z-3Zw0ojOjLR-tc2G8S-Ygx2zBIlgg\#
        eFOO9hTbGcWD-8A2I6fQ8pjRgKnEg1M695Mz9O08TV4"}},"assertion":{"id":"oDaSwS-cgNKrnlu4iA81OwSa3ANiBCZRdi24ec7PU3A","\#
        rawId":"oDaSwS-cgNKrnlu4iA81OwSa3ANiBCZRdi24ec7PU3A","type":"public-key","authenticatorAttachment":"platform","c\#
        lientExtensionResults":{},"response":{"authenticatorData":"D1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHwBAAAAAQ","\#
        clientDataJSON":"eyJ0eXBlIjogIndlYmF1dGhuLmdldCIsICJjaGFsbGVuZ2UiOiAiX3JQclY1OW5pTzJ1dFJwLTNUaWNtdzg2LXQxYkZqVkg\#
        wVjdtb1Nvc0dZdyIsICJvcmlnaW4iOiAiaHR0cHM6Ly9zaG9wLmV4YW1wbGUifQ","signature":"MEUCIQD6RQHSnqualB7SX6Sa0lwlACRbE2\#
        g0z4H21wbVqOlGUQIgJo5VaOJz9iXNdh1z6387vlg7K5S60RN36AslgaDzmGI","userHandle":"aGFuZGxlLW9mLTE2LWJ5dA"}}},{"name":\#
        "ES256","challenge":"1XXo-Xck4HGnjdz6EUq1xMB8BuZS6XLT1vu4epYcPpo","registration":{"id":"v-xMG8VUSNXS-0jP71cQseZQ\#
        XIoP4BHZWngNlxIRfHFDobE4rd9lnM_hmpWvMEor","rawId":"v-xMG8VUSNXS-0jP71cQseZQXIoP4BHZWngNlxIRfHFDobE4rd9lnM_hmpWvM\#
        Eor","type":"public-key","authenticatorAttachment":"platform","clientExtensionResults":{},"response":{"clientDat\#
        aJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiMVhYby1YY2s0SEduamR6NkVVcTF4TUI4QnVaUzZYTFQxdnU0ZXBZ\#
        Y1BwbyIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ","transports":["internal","hybrid\#
        "],"attestationObject":"o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZyZjc2lnWEYwRAIgI0P6g-3b_jgPsZrX7efRIcrIKvRRC6w6dywOATNM\#
        GjUCIHwwQzKOkw32cSEsITs3-E_H5Wge157awP3LeVZZRyHQaGF1dGhEYXRhWLQPWUY8YGxbDl09qB824_fBdawjDGDnXCFEzjt1IkdgfF0AAAAA\#
        AAAAAAAAAAAAAAAAAAAAAAAwv-xMG8VUSNXS-0jP71cQseZQXIoP4BHZWngNlxIRfHFDobE4rd9lnM_hmpWvMEorpQECAyYgASFYIENNzSeT5Hgy\#
        vDIKPL44TK4Z5w-QCTXWDhcBg-T_fLVNIlggEy5RJHzhLYFNXEE4Bm1VQv2kfObQ3Ta1wr9sksFnP7w"}},"secondChallenge":"94tCHucjmY\#
        iCaOu7NdlqNt7qX4uiBIB4JiKCmi_22RY","assertion":{"id":"v-xMG8VUSNXS-0jP71cQseZQXIoP4BHZWngNlxIRfHFDobE4rd9lnM_hmp\#
        WvMEor","rawId":"v-xMG8VUSNXS-0jP71cQseZQXIoP4BHZWngNlxIRfHFDobE4rd9lnM_hmpWvMEor","type":"public-key","authenti\#
        catorAttachment":"platform","clientExtensionResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uZ2\#
        V0IiwiY2hhbGxlbmdlIjoiOTR0Q0h1Y2ptWWlDYU91N05kbHFOdDdxWDR1aUJJQjRKaUtDbWlfMjJSWSIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC\#
        5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ","authenticatorData":"D1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHwdAAAAA\#
        A","userHandle":"aGFuZGxlLW9mLTE2LWJ5dA","signature":"MEUCIERVtfHtEN-7KxkWQRMU6JE3ddc3G398Qd27QCl-DlFMAiEAnOe70P\#
        DPJ76Oh9DuQFlGYdCzFT3dwMs9Rs-o6vgKKjI"}}},{"name":"EdDSA","challenge":"6n4o1rlEXYQA9ApjNl0DBoGh5cOZrVj48WC7_HQxo\#
        pA","registration":{"id":"r4G6Y-6aBHAn4qzpKGj-cOH48od05jsbntCBJwooVF8xL1hDTMlEhXhfqSQvEW3L","rawId":"r4G6Y-6aBHA\#
        n4qzpKGj-cOH48od05jsbntCBJwooVF8xL1hDTMlEhXhfqSQvEW3L","type":"public-key","authenticatorAttachment":"platform",\#
        "clientExtensionResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiNm\#
        40bzFybEVYWVFBOUFwak5sMERCb0doNWNPWnJWajQ4V0M3X0hReG9wQSIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC5leGFtcGxlIiwiY3Jvc3NPcm\#
        lnaW4iOmZhbHNlfQ","transports":["internal","hybrid"],"attestationObject":"o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZydjc2\#
        lnWEDZqnZrtuKoz9L64_R7VZe-32sjsMWF989c0uxKVM_XVO6-f0qPYePevdvHEdNH3l_XDDOisVQ3El8turIqWzEHaGF1dGhEYXRhWJEPWUY8YG\#
        xbDl09qB824_fBdawjDGDnXCFEzjt1IkdgfF0AAAAAAAAAAAAAAAAAAAAAAAAAAAAwr4G6Y-6aBHAn4qzpKGj-cOH48od05jsbntCBJwooVF8xL1\#
        hDTMlEhXhfqSQvEW3LpAEBAycgBiFYIJ83hp_Y-lr3hsFvI88WvcUQ5sOrZ7YEv5PVJ-RwudI3"}},"secondChallenge":"VPCg2bxg7a9Ouge\#
        B8SS39UZ7Q5pL2OactSf7vBJISo0","assertion":{"id":"r4G6Y-6aBHAn4qzpKGj-cOH48od05jsbntCBJwooVF8xL1hDTMlEhXhfqSQvEW3\#
        L","rawId":"r4G6Y-6aBHAn4qzpKGj-cOH48od05jsbntCBJwooVF8xL1hDTMlEhXhfqSQvEW3L","type":"public-key","authenticator\#
        Attachment":"platform","clientExtensionResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0Iiw\#
        iY2hhbGxlbmdlIjoiVlBDZzJieGc3YTlPdWdlQjhTUzM5VVo3UTVwTDJPYWN0U2Y3dkJKSVNvMCIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC5leGF\#
        tcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ","authenticatorData":"D1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHwdAAAAAA","u\#
        serHandle":"aGFuZGxlLW9mLTE2LWJ5dA","signature":"egJnQxqQuq2Bntug35ZclX95GYbS7SPdDJRrYGH6l5zFbaBZ7ydouLB2t726znz\#
        LCAhI7FeKUhmCXYPaZ0kGCw"}}},{"name":"RS256","challenge":"m8hGS5vKGaYmgZxEEhq7jKfzeje3YZ2zCGS6yfoziEg","registrat\#
        ion":{"id":"X0J-ZuO44cSjfxy_ez7bwf3FmIYILecp-QmjU0ufQ1Dlka0Qy70XoKooL4ru0uD5","rawId":"X0J-ZuO44cSjfxy_ez7bwf3Fm\#
        IYILecp-QmjU0ufQ1Dlka0Qy70XoKooL4ru0uD5","type":"public-key","authenticatorAttachment":"platform","clientExtensi\#
        onResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoibThoR1M1dktHYVlt\#
        Z1p4RUVocTdqS2Z6ZWplM1laMnpDR1M2eWZvemlFZyIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC5leGFtcGxlIiwiY3Jvc3NPcmlnaW4iOmZhbHNl\#
        fQ","transports":["internal","hybrid"],"attestationObject":"o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZzkBAGNzaWdZAQDRW28x\#
        yvlvUI5nhFCLKkXcCbdo6nCJcLcav5QoSqryTGsHfP2v_broyzVq1ZMlhFE7Wu9vq83AfSu0fk8iJnsgm071DHsupN6IhlDdBRT0WxfAd0ae15lX\#
        EnD5u4myE3vQWYA-BZ41KM6HCB83WcAcpdAfElJnnasb0bPQ0DRDeel6l2WjX_cYIDzQZOmacRaZvQQchxDJpFVgQgbZo0d_uf3Q0kcF2Zvlm1NA\#
        xqgJTHtxrK9KPz5ULG0a0aewoWbQklc75yf4VbKsKLk5_LU98p_rB7z_yfeTIBoWLZjsQveGeWO5Hjzxnr2AnYhFo8LdNiqo4JKV2gLNbu3w4S_G\#
        aGF1dGhEYXRhWQF3D1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHxdAAAAAAAAAAAAAAAAAAAAAAAAAAAAMF9CfmbjuOHEo38cv3s-28H9\#
        xZiGCC3nKfkJo1NLn0NQ5ZGtEMu9F6CqKC-K7tLg-aQBAwM5AQAgWQEA1hUlBgxe4HJcheo8jBaYE_cQVEyBHvx5vrqDMBhPbD6WG-j1VkTl77Om\#
        Lhu60u6-NQIx90MB7INu9YlVqgdMBgK76RZkem2nc_kCzGmw-3omzGTUMIqVMBpbkCnPNhQ0Iy_xP224doFudeOPXpaFFtsCcxdc9S2ThVbnM6rp\#
        hjYA87TU1oX3NE8zWcZk9bdQ5IEO3uYD9RP017o43Pgl9TwBw5EBkvfx5zwJawBv3zvi-LxBnesCM1ZrknWfZka69I08eV_Xxd_twSlhBkBvjqkA\#
        fLHlidEQItbLr7pPtv_gvNKxKoL1phv1aLkxvaLBDD2hta89JP6loljdSLIVByFDAQAB"}},"secondChallenge":"08fAk23CHg1C2qJonvGeT\#
        8Qyt0caBa3gLtpxW1L3p0g","assertion":{"id":"X0J-ZuO44cSjfxy_ez7bwf3FmIYILecp-QmjU0ufQ1Dlka0Qy70XoKooL4ru0uD5","ra\#
        wId":"X0J-ZuO44cSjfxy_ez7bwf3FmIYILecp-QmjU0ufQ1Dlka0Qy70XoKooL4ru0uD5","type":"public-key","authenticatorAttach\#
        ment":"platform","clientExtensionResults":{},"response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhb\#
        GxlbmdlIjoiMDhmQWsyM0NIZzFDMnFKb252R2VUOFF5dDBjYUJhM2dMdHB4VzFMM3AwZyIsIm9yaWdpbiI6Imh0dHBzOi8vc2hvcC5leGFtcGxlI\#
        iwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ","authenticatorData":"D1lGPGBsWw5dPagfNuP3wXWsIwxg51whRM47dSJHYHwdAAAAAA","userHan\#
        dle":"aGFuZGxlLW9mLTE2LWJ5dA","signature":"R1placFiJflEJ550cXy9DChBB4IXezy31sm8ECBsYjYeQEbL6NwxD5Emtpx2s_M0BkYMQ\#
        oW7hlkJNQHdHQxCgfNTtGZDijTEVAiIIEKtzVHm8_NSfpqFOXbBNI7V_dmKTYNBmwPuN0DhHY3T_HQZAnAGu9i04vObRDeRYBYuB-TF4z2uZYDMG\#
        vz6N1a95PVzwZ6spUC060nNZ7zz4JiPQm8xU0XsnW3NlwI9AtSA7sldIEoUFd-qr4hZqn92Wk9MjpkJRFqyUGssAQoJM2a-DRoWskByJFYJNFqW6\#
        RPU_h_1e07WcfpHr1TZJSNRAgAzp2EXGcBo8-wRPfITjxViIg"}}}]
        """#
    )

    /// Makes such answers; with an argument, reads the options in it as fido2 does.
    private static let script = #"""
        import json, os, struct, sys
        from base64 import urlsafe_b64encode
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
        from fido2 import cbor, cose, features
        from fido2.utils import sha256
        from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData
        from fido2.webauthn import PublicKeyCredentialCreationOptions, PublicKeyCredentialRequestOptions
        from soft_webauthn import SoftWebauthnDevice

        ORIGIN, RP = 'https://shop.example', 'shop.example'
        HANDLE = b'handle-of-16-byt'

        def b64(data):
            return urlsafe_b64encode(bytes(data)).decode().rstrip('=')

        def answer(id, response):
            response = {name: b64(value) if isinstance(value, bytes) else value for name, value in response.items()}
            return {'id': b64(id), 'rawId': b64(id), 'type': 'public-key', 'authenticatorAttachment': 'platform',
                    'clientExtensionResults': {}, 'response': response}

        def soft():
            device, first, second = SoftWebauthnDevice(), os.urandom(32), os.urandom(32)
            made = device.create({'publicKey': {'rp': {'id': RP, 'name': 'Shop'}, 'user': {'id': HANDLE},
                'challenge': first, 'pubKeyCredParams': [{'alg': -7, 'type': 'public-key'}]}}, ORIGIN)
            shown = device.get({'publicKey': {'rpId': RP, 'challenge': second}}, ORIGIN)
            return {'name': 'soft-webauthn', 'challenge': b64(first), 'secondChallenge': b64(second),
                    'registration': answer(made['rawId'], made['response']),
                    'assertion': answer(shown['rawId'], shown['response'])}

        def fido2(name, key, kind, sign):
            id, first, second = os.urandom(48), os.urandom(32), os.urandom(32)
            attested = AttestedCredentialData.create(b'\0' * 16, id, kind.from_cryptography_key(key.public_key()))
            flags = AuthenticatorData.FLAG
            both = flags.UP | flags.UV | flags.BE | flags.BS
            client = CollectedClientData.create('webauthn.create', first, ORIGIN)
            data = AuthenticatorData.create(sha256(RP.encode()), both | flags.AT, 0, attested)
            statement = {'alg': kind.ALGORITHM, 'sig': sign(bytes(data) + client.hash)}
            made = {'clientDataJSON': bytes(client), 'transports': ['internal', 'hybrid'],
                    'attestationObject': cbor.encode({'fmt': 'packed', 'authData': bytes(data), 'attStmt': statement})}
            client = CollectedClientData.create('webauthn.get', second, ORIGIN)
            data = AuthenticatorData.create(sha256(RP.encode()), both, 0)
            shown = {'clientDataJSON': bytes(client), 'authenticatorData': bytes(data), 'userHandle': HANDLE,
                     'signature': sign(bytes(data) + client.hash)}
            return {'name': name, 'challenge': b64(first), 'registration': answer(id, made),
                    'secondChallenge': b64(second), 'assertion': answer(id, shown)}

        def options(text):
            features.webauthn_json_mapping.enabled = True
            creation, request = json.loads(text)
            read = PublicKeyCredentialCreationOptions.from_dict(creation)
            assert read.rp.id == RP and read.user.id == HANDLE
            assert [parameter.alg for parameter in read.pub_key_cred_params] == [-7, -8, -257]
            assert read.challenge == b'c' * 16 and read.exclude_credentials[0].id == b'known' and read.timeout == 300000
            assert read.authenticator_selection.user_verification == 'required'
            assert read.authenticator_selection.resident_key == 'required' and read.attestation == 'none'
            read = PublicKeyCredentialRequestOptions.from_dict(request)
            assert read.rp_id == RP and read.challenge == b'c' * 16 and read.allow_credentials[0].id == b'known'
            assert read.user_verification == 'required' and read.timeout == 300000
            return []

        def authenticators():
            p256, ed = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
            big = rsa.generate_private_key(65537, 2048)
            return [soft(),
                    fido2('ES256', p256, cose.ES256, lambda data: p256.sign(data, ec.ECDSA(hashes.SHA256()))),
                    fido2('EdDSA', ed, cose.EdDSA, ed.sign),
                    fido2('RS256', big, cose.RS256, lambda data: big.sign(data, padding.PKCS1v15(), hashes.SHA256()))]

        print(json.dumps(options(sys.argv[1]) if len(sys.argv) > 1 else authenticators()))
        """#
}
