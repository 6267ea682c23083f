/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-vectors-check.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-keys.h"
#include "ns3/karp-ike-message.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>
#include <optional>

namespace ns3
{
namespace karp
{

namespace
{

/** Entropy that gives what a capture shows its sender to have drawn. */
class CapturedEntropy : public Entropy
{
  public:
    /** Give \p octets once. */
    explicit CapturedEntropy(Bytes octets)
        : m_octets(std::move(octets))
    {
    }

    void Fill(uint8_t* data, size_t size) override
    {
        for (size_t i = 0; i < size; ++i)
        {
            data[i] = m_next < m_octets.size() ? m_octets[m_next++] : 0;
        }
    }

  private:
    Bytes m_octets;   //!< what there is
    size_t m_next{0}; //!< how much was given
};

/** \return letters and digits of \p word, in lower case, without any of the usual prefixes */
std::string
Plain(const std::string& word)
{
    std::string plain;
    for (const char c : word)
    {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
        {
            plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    for (const char* prefix : {"auth", "prf", "hmac"})
    {
        if (plain.rfind(prefix, 0) == 0)
        {
            plain.erase(0, std::string(prefix).size());
        }
    }
    return plain;
}

/** \return the bits of the SHA-2 that \p word names, however it spells it; 0 if it names none */
unsigned
HashBits(const std::string& word)
{
    static const std::map<std::string, unsigned> BITS{
        {"sha256", 256},
        {"sha2256", 256},
        {"sha256128", 256},
        {"sha2256128", 256},
        {"12", 256},
        {"5", 256},
        {"sha384", 384},
        {"sha2384", 384},
        {"sha384192", 384},
        {"sha2384192", 384},
        {"13", 384},
        {"6", 384},
        {"sha512", 512},
        {"sha2512", 512},
        {"sha512256", 512},
        {"sha2512256", 512},
        {"14", 512},
        {"7", 512},
    };
    const auto found = BITS.find(Plain(word));
    return found == BITS.end() ? 0 : found->second;
}

/** \return the integrity transform that \p word names, if it is one that is offered */
std::optional<IntegId>
IntegOf(const std::string& word)
{
    if (word.empty() || word == "none" || word == "null" || word == "0")
    {
        return IntegId::NONE;
    }
    switch (HashBits(word))
    {
    case 256:
        return IntegId::HMAC_SHA2_256_128;
    case 384:
        return IntegId::HMAC_SHA2_384_192;
    case 512:
        return IntegId::HMAC_SHA2_512_256;
    default:
        return std::nullopt;
    }
}

/** \return the prf that \p word names; NONE if it is not offered */
PrfId
PrfOf(const std::string& word)
{
    switch (HashBits(word))
    {
    case 256:
        return PrfId::HMAC_SHA2_256;
    case 384:
        return PrfId::HMAC_SHA2_384;
    case 512:
        return PrfId::HMAC_SHA2_512;
    default:
        return PrfId::NONE;
    }
}

/** \return the suite of \p sa, or nothing if an algorithm in it is not offered */
std::optional<CipherSuite>
SuiteOf(const IkeVectorSa& sa)
{
    CipherSuite suite;
    suite.encr = static_cast<EncrId>(sa.encr);
    suite.keyLength = static_cast<uint16_t>(sa.keySize > 32 ? sa.keySize : 8 * sa.keySize);
    switch (suite.encr)
    {
    case EncrId::AES_CBC:
    case EncrId::AES_GCM_16:
        if (suite.keyLength != 128 && suite.keyLength != 256)
        {
            return std::nullopt;
        }
        break;
    case EncrId::CHACHA20_POLY1305:
        suite.keyLength = 256; // it has no other, and no attribute to say so
        break;
    default:
        return std::nullopt;
    }
    const auto integ = IntegOf(sa.integ);
    suite.prf = PrfOf(sa.prf);
    if (!integ || suite.prf == PrfId::NONE)
    {
        return std::nullopt;
    }
    suite.integ = *integ;
    // g^ir is given, so any group will do.
    const auto group = static_cast<KeGroup>(sa.group);
    suite.group = PublicValueSize(group) != 0 ? group : KeGroup::CURVE25519;
    return suite;
}

/** One session being checked. */
class SessionCheck
{
  public:
    SessionCheck(const IkeVectorSession& session, VectorReport& report)
        : m_session(session),
          m_report(report)
    {
    }

    /** Check all of it. */
    void Run()
    {
        for (const IkeVectorSa& sa : m_session.ikeSas)
        {
            CheckSa(sa);
        }
        for (const IkeVectorChild& child : m_session.childSas)
        {
            CheckChild(child);
        }
        for (const IkeVectorMessage& message : m_session.messages)
        {
            if (message.encrypted)
            {
                CheckMessage(message);
            }
        }
    }

  private:
    /** An association whose keys are known to be right. */
    struct Sa
    {
        const IkeVectorSa* vector;             //!< what the file says
        CipherSuite suite;                     //!< its suite
        std::unique_ptr<SkCipher> ofInitiator; //!< of what its initiator sends
        std::unique_ptr<SkCipher> ofResponder; //!< of what its responder sends
    };

    using Spis = std::pair<uint64_t, uint64_t>; //!< of initiator and responder

    /** Note that \p what is wrong. */
    void Fault(const std::string& what)
    {
        m_report.Fault(m_session.pcap + ": " + what);
    }

    /** Note that \p name is \p is instead of \p expected, if it is. */
    void Compare(const std::string& name, ByteView is, ByteView expected)
    {
        if (!ConstantTimeEqual(is, expected))
        {
            Fault(name + " is " + ToHex(is) + ", not " + ToHex(expected));
        }
    }

    /** Derive the keys of \p sa. */
    void CheckSa(const IkeVectorSa& sa)
    {
        const auto suite = SuiteOf(sa);
        const Spis spis{sa.spiInitiator, sa.spiResponder};
        if (!suite)
        {
            m_report.notes.push_back(m_session.pcap + ": encryption " + std::to_string(sa.encr) +
                                     " with " + std::to_string(sa.keySize) + " octets, integrity " +
                                     sa.integ + ", prf " + sa.prf + " is not offered");
            m_left.push_back(spis);
            return;
        }
        if (!suite->IsSupported())
        {
            Fault("suite " + suite->ToString() + " ought to be supported");
            return;
        }
        const IkeKeyInputs inputs{sa.nonceInitiator,
                                  sa.nonceResponder,
                                  sa.spiInitiator,
                                  sa.spiResponder};
        CryptoCounters counters{};
        const SecretBytes skeyseed =
            sa.replacedSkD.empty() ? DeriveSkeyseed(suite->prf, inputs, sa.sharedSecret, counters)
                                   : DeriveRekeySkeyseed(OldPrf(sa, *suite),
                                                         sa.replacedSkD,
                                                         inputs,
                                                         sa.sharedSecret,
                                                         counters);
        Compare("SKEYSEED", skeyseed, sa.skeyseed);
        const IkeKeys keys = DeriveIkeKeys(*suite, inputs, skeyseed, counters);
        Compare("SK_d", keys.skD, sa.skD);
        Compare("SK_ai", keys.skAi, sa.skAi);
        Compare("SK_ar", keys.skAr, sa.skAr);
        Compare("SK_ei", keys.skEi, sa.skEi);
        Compare("SK_er", keys.skEr, sa.skEr);
        Compare("SK_pi", keys.skPi, sa.skPi);
        Compare("SK_pr", keys.skPr, sa.skPr);
        auto ofInitiator = SkCipher::Create(*suite, keys.skEi, keys.skAi);
        auto ofResponder = SkCipher::Create(*suite, keys.skEr, keys.skAr);
        if (ofInitiator == nullptr || ofResponder == nullptr)
        {
            Fault("no cipher for " + suite->ToString());
            return;
        }
        ++m_report.associations;
        m_report.rekeyed += sa.replacedSkD.empty() ? 0 : 1;
        m_sas[spis] = {&sa, *suite, std::move(ofInitiator), std::move(ofResponder)};
        if (sa.replacedSkD.empty())
        {
            CheckAuth(sa, suite->prf, keys);
        }
    }

    /** \return the prf of the association that \p sa replaces (RFC 7296 section 2.18) */
    PrfId OldPrf(const IkeVectorSa& sa, const CipherSuite& suite) const
    {
        for (const auto& [spis, old] : m_sas)
        {
            if (old.vector->skD == sa.replacedSkD)
            {
                return old.suite.prf;
            }
        }
        return suite.prf;
    }

    /** \return the last message of exchange \p exchange from one side of \p sa, or nullptr */
    const IkeVectorMessage* Find(const IkeVectorSa& sa, IkeExchange exchange, bool response) const
    {
        const IkeVectorMessage* last = nullptr;
        for (const IkeVectorMessage& message : m_session.messages)
        {
            const auto decoded = DecodeIkeMessage(message.octets);
            const auto* known = std::get_if<IkeMessage>(&decoded);
            if (known == nullptr || known->header.exchange != exchange ||
                known->header.IsResponse() != response ||
                known->header.spiInitiator != sa.spiInitiator)
            {
                continue;
            }
            // A first request has no SPI of the responder yet; other responses (cookies) have none
            // either.
            const bool first = exchange == IkeExchange::IKE_SA_INIT && !response;
            if (first || known->header.spiResponder == sa.spiResponder)
            {
                last = &message;
            }
        }
        return last;
    }

    /** Compute both AUTH payloads of \p sa, where it was made by a captured initial exchange. */
    void CheckAuth(const IkeVectorSa& sa, PrfId prf, const IkeKeys& keys)
    {
        const auto* request = Find(sa, IkeExchange::IKE_SA_INIT, false);
        const auto* response = Find(sa, IkeExchange::IKE_SA_INIT, true);
        const auto* authRequest = Find(sa, IkeExchange::IKE_AUTH, false);
        const auto* authResponse = Find(sa, IkeExchange::IKE_AUTH, true);
        if (request == nullptr || response == nullptr || authRequest == nullptr ||
            authResponse == nullptr)
        {
            m_report.notes.push_back(m_session.pcap + ": initial exchanges are not all there");
            return;
        }
        CheckAuthOf("AUTH of the initiator",
                    *authRequest,
                    IkePayloadType::ID_INITIATOR,
                    {prf, request->octets, sa.nonceResponder, keys.skPi});
        CheckAuthOf("AUTH of the responder",
                    *authResponse,
                    IkePayloadType::ID_RESPONDER,
                    {prf, response->octets, sa.nonceInitiator, keys.skPr});
    }

    /** What one side's AUTH payload covers but its identity. */
    struct Covered
    {
        PrfId prf;      //!< negotiated
        ByteView first; //!< its IKE_SA_INIT message
        ByteView nonce; //!< of the other side
        ByteView skP;   //!< SK_pi or SK_pr
    };

    /** Compute the AUTH payload in \p message. */
    void CheckAuthOf(const std::string& name,
                     const IkeVectorMessage& message,
                     IkePayloadType idType,
                     const Covered& covered)
    {
        constexpr size_t GENERIC = 4; // octets of a generic header
        constexpr size_t FIXED = 4;   // octets of an AUTH payload before its data
        const IkeVectorPayload* id = nullptr;
        const IkeVectorPayload* auth = nullptr;
        for (const IkeVectorPayload& payload : message.inner)
        {
            const auto type = static_cast<IkePayloadType>(payload.type);
            id = type == idType ? &payload : id;
            auth = type == IkePayloadType::AUTHENTICATION ? &payload : auth;
        }
        if (id == nullptr || auth == nullptr || auth->octets.size() < GENERIC + FIXED)
        {
            Fault(name + " or its identity is not there");
            return;
        }
        if (auth->octets[GENERIC] != 2)
        {
            m_report.notes.push_back(m_session.pcap + ": " + name + " is not by shared key");
            return;
        }
        CryptoCounters counters{};
        const Bytes octets = AuthOctets(covered.prf,
                                        covered.first,
                                        covered.nonce,
                                        covered.skP,
                                        ByteView(id->octets).Sub(GENERIC),
                                        counters);
        const Bytes value =
            PskAuthValue(covered.prf, ByteView::Of(m_session.psk), octets, counters);
        Compare(name, value, ByteView(auth->octets).Sub(GENERIC + FIXED));
        ++m_report.authentications;
    }

    /** Derive the keys of \p child from the association that made it (RFC 7296 section 2.17). */
    void CheckChild(const IkeVectorChild& child)
    {
        Bytes expected;
        for (const Bytes* key : {&child.encrInitiator,
                                 &child.integInitiator,
                                 &child.encrResponder,
                                 &child.integResponder})
        {
            expected.insert(expected.end(), key->begin(), key->end());
        }
        const bool found = std::any_of(m_sas.begin(), m_sas.end(), [&](const auto& entry) {
            const Sa& sa = entry.second;
            return ConstantTimeEqual(
                PrfPlus(sa.suite.prf, sa.vector->skD, child.seed, expected.size()),
                expected);
        });
        if (found)
        {
            ++m_report.children;
        }
        else if (m_left.empty())
        {
            Fault("keys of a Child SA come from none of the associations");
        }
    }

    /** \return the association and the cipher of a decoded message, or nullptr */
    SkCipher* CipherFor(const IkeHeader& header)
    {
        const auto at = m_sas.find({header.spiInitiator, header.spiResponder});
        if (at == m_sas.end())
        {
            return nullptr;
        }
        return header.IsFromInitiator() ? at->second.ofInitiator.get()
                                        : at->second.ofResponder.get();
    }

    /** \return what is inside \p octets, padding included, if they are an authentic message */
    std::optional<SecretBytes> OpenMessage(ByteView octets)
    {
        const auto decoded = DecodeIkeMessage(octets);
        const auto* message = std::get_if<IkeMessage>(&decoded);
        const auto* sealed = message == nullptr ? nullptr : message->Find<EncryptedPayload>();
        SkCipher* cipher = sealed == nullptr ? nullptr : CipherFor(message->header);
        if (cipher == nullptr)
        {
            return std::nullopt;
        }
        return cipher->OpenPadded(octets.Sub(0, sealed->bodyOffset), sealed->body);
    }

    /** Open and seal \p message. */
    void CheckMessage(const IkeVectorMessage& message)
    {
        const std::string name = "exchange " + std::to_string(message.exchange) + " message " +
                                 std::to_string(message.messageId) +
                                 (message.response ? " response" : " request");
        const auto decoded = DecodeIkeMessage(message.octets);
        const auto* known = std::get_if<IkeMessage>(&decoded);
        const auto* sealed = known == nullptr ? nullptr : known->Find<EncryptedPayload>();
        if (sealed == nullptr)
        {
            Fault(name + " has no Encrypted payload");
            return;
        }
        const Spis spis{known->header.spiInitiator, known->header.spiResponder};
        if (std::find(m_left.begin(), m_left.end(), spis) != m_left.end())
        {
            return; // noted with its association
        }
        SkCipher* cipher = CipherFor(known->header);
        const auto padded = OpenMessage(message.octets);
        if (cipher == nullptr || !padded || padded->empty() || padded->back() >= padded->size())
        {
            Fault(name + " is not authentic");
            return;
        }
        const ByteView header = ByteView(message.octets).Sub(0, sealed->bodyOffset);
        const auto chain = cipher->Open(header, sealed->body);
        Compare(name + ": what is inside",
                chain ? ByteView(*chain) : ByteView(),
                message.InnerChain());
        CheckSeal(name, *cipher, header, sealed->body, *padded);
        CheckRefusals(name, *cipher, message.octets, header, sealed->body);
        ++m_report.messages;
    }

    /** Seal again what \p body held: \p padded, by the same IV. */
    void CheckSeal(const std::string& name,
                   SkCipher& cipher,
                   ByteView header,
                   ByteView body,
                   ByteView padded)
    {
        constexpr size_t AEAD_IV = 8;
        constexpr size_t CBC_IV = 16;
        const bool aead = cipher.SealedSize(0) == AEAD_IV + 1 + 16;
        const ByteView iv = body.Sub(0, aead ? AEAD_IV : CBC_IV);
        Compare(name + ": sealed again", cipher.SealPadded(header, padded, iv), body);
        const size_t padding = padded[padded.size() - 1];
        const ByteView chain = padded.Sub(0, padded.size() - padding - 1);
        if (cipher.SealedSize(chain.size()) != body.size())
        {
            m_report.notes.push_back(m_session.pcap + ": " + name +
                                     " has more padding than needed");
            return;
        }
        // The way that engines seal: the IV as a counter, or IV and padding drawn.
        uint64_t counter = 0;
        for (const uint8_t octet : body.Sub(0, AEAD_IV))
        {
            counter = counter << 8 | octet;
        }
        Bytes drawn = iv.Copy();
        const ByteView paddingOctets = padded.Sub(chain.size(), padding);
        drawn.insert(drawn.end(), paddingOctets.begin(), paddingOctets.end());
        CapturedEntropy entropy(drawn);
        Compare(name + ": sealed by its counter",
                cipher.Seal(header, chain, counter, entropy),
                body);
    }

    /** Try what must be refused: \p octets with any bit flipped, and cut anywhere. */
    void CheckRefusals(const std::string& name,
                       SkCipher& cipher,
                       const Bytes& octets,
                       ByteView header,
                       ByteView body)
    {
        for (size_t bit = 0; bit < octets.size() * 8; ++bit)
        {
            Bytes flipped = octets;
            flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
            if (OpenMessage(flipped))
            {
                Fault(name + " is opened with bit " + std::to_string(bit) + " flipped");
            }
        }
        for (size_t size = 0; size < octets.size(); ++size)
        {
            if (OpenMessage({octets.data(), size}))
            {
                Fault(name + " is opened when cut to " + std::to_string(size));
            }
        }
        // Cut before the wire is asked, too: its lengths would give a cut message away.
        for (size_t size = 0; size < body.size(); ++size)
        {
            if (cipher.Open(header, body.Sub(0, size)))
            {
                Fault(name + " is opened with a body of " + std::to_string(size));
            }
        }
        for (size_t size = 0; size < header.size(); ++size)
        {
            if (cipher.Open(header.Sub(0, size), body))
            {
                Fault(name + " is opened with a header of " + std::to_string(size));
            }
        }
    }

    const IkeVectorSession& m_session; //!< what is checked
    VectorReport& m_report;            //!< what came of it
    std::map<Spis, Sa> m_sas;          //!< associations so far
    std::vector<Spis> m_left;          //!< associations of suites that are not offered
};

} // namespace

void
CheckIkeSession(const IkeVectorSession& session, VectorReport& report)
{
    SessionCheck(session, report).Run();
}

} // namespace karp
} // namespace ns3
