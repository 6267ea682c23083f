/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-test-entropy.h"

#include "ns3/karp-certificate-credentials.h"
#include "ns3/karp-key-credentials.h"
#include "ns3/karp-mixed-credentials.h"

#include <cstdlib>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: proofs of identity. The first octet says what the others are: payloads inside an
 * IKE_AUTH message; changes to a true AUTH payload, or to a true certificate, as pairs of position
 * and octet; a public key; a revocation list. Nobody may be believed who has not signed.
 */

namespace
{

using namespace ns3::karp;

/** r1, who proves itself, and r2, who judges. */
class Court
{
  public:
    Court()
        : m_store(std::make_shared<TrustStore>()),
          m_judge(Identity::OfName("r2"))
    {
        TestEntropy entropy(1);
        const Validity always{Time(0), std::chrono::hours(10000)};
        const std::shared_ptr<const PrivateKey> anchor =
            PrivateKey::Generate(SigningKind::ED25519, entropy);
        CertificateAuthority authority("ca0", anchor, always);
        m_store->AddAnchor(authority.Own());
        m_input.prf = PrfId::HMAC_SHA2_256;
        m_input.signedOctets = Bytes(100, 7);
        m_input.wishes.saidHashes = true;
        const auto list = std::make_shared<AuthorisationList>();
        const std::shared_ptr<const PrivateKey> key =
            PrivateKey::Generate(SigningKind::ECDSA_P256, entropy);
        list->Add(m_name, key->Public());
        m_judge.Add(std::make_shared<RawKeyCredentials>(Identity::OfName("r2"), nullptr, list));
        m_judge.Add(std::make_shared<CertificateCredentials>(Identity::OfName("r2"), m_store));
        CertificateCredentials prover(m_name, m_store);
        prover.SetOwn(key, {authority.Issue(*key->Public(), "r1", always)});
        m_proof = *prover.Authenticate(m_input, {}, nullptr, m_counters);
    }

    /** Judge \p auth with \p shown; it is a true proof if \p genuine. */
    void Judge(const AuthPayload& auth, const std::vector<IkePayload>& shown, bool genuine)
    {
        const auto verdict = m_judge.Verify(auth, m_input, m_name, shown, Time(0), m_counters);
        if ((verdict == Credentials::Verdict::OK) != genuine)
        {
            std::abort();
        }
    }

    /** Do with \p octets what \p what says. */
    void Do(uint8_t what, ByteView octets)
    {
        AuthPayload auth = m_proof.auth;
        auto cert = std::get<CertPayload>(m_proof.accompanying.front());
        switch (what % 5)
        {
        case 0:
            Read(octets);
            break;
        case 1:
            Change(auth.data, octets);
            Judge(auth, {}, auth.data == m_proof.auth.data);
            break;
        case 2: {
            const Bytes before = cert.data;
            Change(cert.data, octets);
            // The key on the list does not know the certificate, and would be believed alone.
            CertificateCredentials alone(Identity::OfName("r2"), m_store);
            const auto verdict = alone.Verify(auth, m_input, m_name, {cert}, Time(0), m_counters);
            if ((verdict == Credentials::Verdict::OK) != (cert.data == before))
            {
                std::abort();
            }
            break;
        }
        case 3:
            PublicKey::FromDer(octets);
            break;
        default:
            if (m_store->AddRevocationList(octets))
            {
                std::abort(); // nobody has signed it
            }
            break;
        }
    }

  private:
    /** Read \p octets as a chain of payloads and judge what is in it. */
    void Read(ByteView octets)
    {
        const auto decoded = DecodeIkePayloads(IkePayloadType::CERTIFICATE, octets);
        const auto* payloads = std::get_if<std::vector<IkePayload>>(&decoded);
        if (payloads == nullptr)
        {
            return;
        }
        PeerWishes wishes;
        wishes.Note(*payloads);
        if (const auto* auth = IkeMessage::FindPayload<AuthPayload>(*payloads))
        {
            Judge(*auth, *payloads, auth->data == m_proof.auth.data);
        }
    }

    /** Set octets of \p data at positions, two octets each, to values, as \p pairs tell. */
    static void Change(Bytes& data, ByteView pairs)
    {
        for (size_t i = 0; i + 3 <= pairs.size(); i += 3)
        {
            data[(pairs[i] << 8 | pairs[i + 1]) % data.size()] = pairs[i + 2];
        }
    }

    std::shared_ptr<TrustStore> m_store;     //!< of r2
    MixedCredentials m_judge;                //!< r2
    Identity m_name{Identity::OfName("r1")}; //!< who is judged
    AuthInput m_input;                       //!< what is signed
    Proof m_proof;                           //!< by r1
    CryptoCounters m_counters{};             //!< of both
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static Court court;
    if (size > 0)
    {
        court.Do(data[0], ByteView(data + 1, size - 1));
    }
    return 0;
}
