/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-codec.h"
#include "karp-ike-message.h"

#include <array>
#include <sstream>

/**
 * \file
 * \ingroup karp
 * Messages for people: names of numbers, and every field. Keys show only how long they are.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A number and what it is called. */
template <typename E>
struct Name
{
    E value;          //!< number
    const char* text; //!< name
};

constexpr std::array<Name<IkeExchange>, 8> EXCHANGES{{
    {IkeExchange::IKE_SA_INIT, "IKE_SA_INIT"},
    {IkeExchange::IKE_AUTH, "IKE_AUTH"},
    {IkeExchange::CREATE_CHILD_SA, "CREATE_CHILD_SA"},
    {IkeExchange::INFORMATIONAL, "INFORMATIONAL"},
    {IkeExchange::MRKMP_ADVERT, "MRKMP_ADVERT"},
    {IkeExchange::MRKMP_UPDATE, "MRKMP_UPDATE"},
    {IkeExchange::MRKMP_GROUP, "MRKMP_GROUP"},
    {IkeExchange::MRKMP_NONCE, "MRKMP_NONCE"},
}};

constexpr std::array<Name<IkeNotify>, 22> NOTIFICATIONS{{
    {IkeNotify::UNSUPPORTED_CRITICAL_PAYLOAD, "UNSUPPORTED_CRITICAL_PAYLOAD"},
    {IkeNotify::INVALID_IKE_SPI, "INVALID_IKE_SPI"},
    {IkeNotify::INVALID_MAJOR_VERSION, "INVALID_MAJOR_VERSION"},
    {IkeNotify::INVALID_SYNTAX, "INVALID_SYNTAX"},
    {IkeNotify::INVALID_MESSAGE_ID, "INVALID_MESSAGE_ID"},
    {IkeNotify::NO_PROPOSAL_CHOSEN, "NO_PROPOSAL_CHOSEN"},
    {IkeNotify::INVALID_KE_PAYLOAD, "INVALID_KE_PAYLOAD"},
    {IkeNotify::AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED"},
    {IkeNotify::TEMPORARY_FAILURE, "TEMPORARY_FAILURE"},
    {IkeNotify::MRKMP_WRONG_GCKS, "MRKMP_WRONG_GCKS"},
    {IkeNotify::MRKMP_GCKS_UNKNOWN, "MRKMP_GCKS_UNKNOWN"},
    {IkeNotify::MRKMP_NOT_AUTHORIZED, "MRKMP_NOT_AUTHORIZED"},
    {IkeNotify::INITIAL_CONTACT, "INITIAL_CONTACT"},
    {IkeNotify::COOKIE, "COOKIE"},
    {IkeNotify::CHILDLESS_IKEV2_SUPPORTED, "CHILDLESS_IKEV2_SUPPORTED"},
    {IkeNotify::SIGNATURE_HASH_ALGORITHMS, "SIGNATURE_HASH_ALGORITHMS"},
    {IkeNotify::MRKMP_MERGE_SA, "MRKMP_MERGE_SA"},
    {IkeNotify::MRKMP_REQUEST_PMK, "MRKMP_REQUEST_PMK"},
    {IkeNotify::MRKMP_BOOT_ID, "MRKMP_BOOT_ID"},
    {IkeNotify::MRKMP_EVICTED, "MRKMP_EVICTED"},
    {IkeNotify::MRKMP_RESIGN, "MRKMP_RESIGN"},
    {IkeNotify::MRKMP_HANDOVER, "MRKMP_HANDOVER"},
}};

constexpr std::array<Name<IkeProtocol>, 6> PROTOCOLS{{
    {IkeProtocol::NONE, "NONE"},
    {IkeProtocol::IKE, "IKE"},
    {IkeProtocol::AH, "AH"},
    {IkeProtocol::ESP, "ESP"},
    {IkeProtocol::MRKMP_KEK, "MRKMP_KEK"},
    {IkeProtocol::MRKMP_PMK, "MRKMP_PMK"},
}};

constexpr std::array<Name<IkeTransformType>, 4> TRANSFORMS{{
    {IkeTransformType::ENCR, "ENCR"},
    {IkeTransformType::PRF, "PRF"},
    {IkeTransformType::INTEG, "INTEG"},
    {IkeTransformType::KE, "KE"},
}};

/** \return the name of \p value in \p names, else \p kind and the number */
template <typename E, size_t N>
std::string
NameOf(E value, const std::array<Name<E>, N>& names, const char* kind)
{
    for (const auto& name : names)
    {
        if (name.value == value)
        {
            return name.text;
        }
    }
    return std::string(kind) + ' ' + std::to_string(static_cast<unsigned>(value));
}

/** Writes the fields of each kind of payload. */
class Describer
{
  public:
    /** Write to \p out. */
    explicit Describer(std::ostream& out)
        : m_out(out)
    {
    }

    /** Security Association. */
    void operator()(const SaPayload& sa)
    {
        for (const auto& proposal : sa.proposals)
        {
            m_out << " #" << unsigned(proposal.number) << ' '
                  << NameOf(proposal.protocol, PROTOCOLS, "protocol");
            Octets("spi", proposal.spi);
            for (const auto& transform : proposal.transforms)
            {
                m_out << ' ' << NameOf(transform.type, TRANSFORMS, "transform") << '='
                      << transform.id;
                if (transform.keyLength)
                {
                    m_out << '/' << *transform.keyLength;
                }
                Octets("unknown attributes", transform.unknownAttributes);
            }
        }
    }

    /** Key Exchange. */
    void operator()(const KePayload& ke)
    {
        m_out << " group=" << ke.group << " data=" << ToHex(ke.data);
    }

    /** Identification. */
    void operator()(const IdPayload& id)
    {
        m_out << " type=" << unsigned(id.type) << " data=" << ToHex(id.data);
    }

    /** Certificate. */
    void operator()(const CertPayload& cert)
    {
        m_out << " encoding=" << unsigned(cert.encoding) << " data=" << ToHex(cert.data);
    }

    /** Certificate Request. */
    void operator()(const CertReqPayload& request)
    {
        m_out << " encoding=" << unsigned(request.encoding)
              << " authorities=" << ToHex(request.authorities);
    }

    /** Authentication. */
    void operator()(const AuthPayload& auth)
    {
        m_out << " method=" << unsigned(auth.method) << " data=" << ToHex(auth.data);
    }

    /** Nonce. */
    void operator()(const NoncePayload& nonce)
    {
        m_out << " data=" << ToHex(nonce.data);
    }

    /** Notify. */
    void operator()(const NotifyPayload& notify)
    {
        m_out << " type=" << ToString(notify.type)
              << " protocol=" << NameOf(notify.protocol, PROTOCOLS, "protocol");
        Octets("spi", notify.spi);
        Octets("data", notify.data);
    }

    /** Delete. */
    void operator()(const DeletePayload& gone)
    {
        m_out << " protocol=" << NameOf(gone.protocol, PROTOCOLS, "protocol")
              << " spi_size=" << unsigned(gone.spiSize);
        for (const auto& spi : gone.spis)
        {
            Octets("spi", spi);
        }
    }

    /** Vendor ID. */
    void operator()(const VendorIdPayload& vendor)
    {
        m_out << " data=" << ToHex(vendor.data);
    }

    /** Encrypted. */
    void operator()(const EncryptedPayload& encrypted)
    {
        m_out << " first=" << ToString(encrypted.firstInner) << " octets=" << encrypted.body.size();
    }

    /** Advertisement. */
    void operator()(const AdvertPayload& advert)
    {
        m_out << " state=" << (advert.state == AdvertState::GCKS ? "gcks" : "initial")
              << " priority=" << unsigned(advert.priority) << " interval_ms=" << advert.intervalMs
              << " kek=" << advert.kekId;
    }

    /** Group ID. */
    void operator()(const GroupIdPayload& group)
    {
        m_out << " protocol=" << ToString(group.protocol) << " instance=" << group.instance;
    }

    /** Key Download. */
    void operator()(const KeyDownloadPayload& keys)
    {
        for (const auto& row : keys.keks)
        {
            m_out << " KEK id=" << row.keyId;
            (*this)(row.group);
            m_out << " encr=" << row.encr << '/' << row.keyLength << " integ=" << row.integ
                  << " prf=" << row.prf;
            Rest(row.lifetimes, row.key);
        }
        for (const auto& row : keys.pmks)
        {
            m_out << " PMK protocol=" << ToString(row.protocol) << " id=" << row.keyId
                  << " algorithm=" << static_cast<unsigned>(row.algorithm);
            Rest(row.lifetimes, row.key);
        }
    }

    /** Sequence. */
    void operator()(const SequencePayload& sequence)
    {
        m_out << " number=" << sequence.number;
    }

    /** Transport. */
    void operator()(const TransportPayload& transport)
    {
        m_out << (transport.soon ? " soon" : "") << " challenge=" << transport.challenge
              << " nonce=" << ToHex(transport.nonce);
        if (transport.previous)
        {
            m_out << " previous=" << ToHex(*transport.previous);
        }
        for (const IpAddress router : transport.asked)
        {
            m_out << " asked=" << router.ToString();
        }
        for (const TransportAnswer& answer : transport.answers)
        {
            m_out << ' ' << answer.router.ToString() << '=' << answer.challenge;
        }
    }

    /** Unknown. */
    void operator()(const UnknownPayload& unknown)
    {
        m_out << (unknown.critical ? " critical" : "") << " body=" << ToHex(unknown.body);
    }

  private:
    /** Write octets of which there may be none. */
    void Octets(const char* what, const Bytes& octets)
    {
        if (!octets.empty())
        {
            m_out << ' ' << what << '=' << ToHex(octets);
        }
    }

    /** Write how a row of keys ends. */
    void Rest(const KeyLifetimes& lifetimes, const SecretBytes& key)
    {
        m_out << " accept=" << lifetimes.acceptStart.count() << ".." << lifetimes.acceptEnd.count()
              << " send=" << lifetimes.sendStart.count() << ".." << lifetimes.sendEnd.count()
              << " key_octets=" << key.size();
    }

    std::ostream& m_out; //!< where it goes
};

/** \return \p flags as letters */
std::string
FlagsToString(uint8_t flags)
{
    std::string text;
    text += (flags & IKE_FLAG_RESPONSE) != 0 ? 'R' : '-';
    text += (flags & IKE_FLAG_VERSION) != 0 ? 'V' : '-';
    text += (flags & IKE_FLAG_INITIATOR) != 0 ? 'I' : '-';
    return text;
}

/** \return \p spi as its octets */
std::string
SpiToString(uint64_t spi)
{
    Bytes octets;
    ByteWriter<Bytes>(octets).U64(spi);
    return ToHex(octets);
}

} // namespace

std::string
ToString(IkeExchange exchange)
{
    return NameOf(exchange, EXCHANGES, "exchange");
}

std::string
ToString(IkePayloadType type)
{
    if (type == IkePayloadType::NONE)
    {
        return "NONE";
    }
    const IkePayloadCodec* codec = FindIkePayloadCodec(type);
    return codec ? codec->name : "payload " + std::to_string(static_cast<unsigned>(type));
}

std::string
ToString(IkeNotify type)
{
    return NameOf(type, NOTIFICATIONS, "notify");
}

std::string
Describe(const IkeMessage& message)
{
    const IkeHeader& header = message.header;
    std::ostringstream out;
    out << ToString(header.exchange) << " spi_i=" << SpiToString(header.spiInitiator)
        << " spi_r=" << SpiToString(header.spiResponder) << " version=" << (header.version >> 4)
        << '.' << (header.version & 0xf) << " flags=" << FlagsToString(header.flags)
        << " id=" << header.messageId << " length=" << header.length;
    for (const auto& payload : message.payloads)
    {
        out << "; " << ToString(TypeOf(payload));
        std::visit(Describer(out), payload);
    }
    return out.str();
}

} // namespace karp
} // namespace ns3
