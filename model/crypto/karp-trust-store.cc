/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-x509.h"

#include <algorithm>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

namespace ns3
{
namespace karp
{

namespace
{

constexpr int SECURITY_LEVEL = 2; //!< 112 bits: no SHA-1, no RSA of less than 2048 bits

using Store = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;

/** Gives a stack back, not what lies on it. */
template <typename T>
struct StackDeleter
{
    /** Give back \p stack. */
    void operator()(T* stack) const
    {
        OPENSSL_sk_free(reinterpret_cast<OPENSSL_STACK*>(stack));
    }
};

using Certificates = std::unique_ptr<STACK_OF(X509), StackDeleter<STACK_OF(X509)>>;
using Lists = std::unique_ptr<STACK_OF(X509_CRL), StackDeleter<STACK_OF(X509_CRL)>>;

/** Called for every finding: that an issuer has no revocation list is none. */
int
Judge(int ok, X509_STORE_CTX* context)
{
    if (ok == 0 && X509_STORE_CTX_get_error(context) == X509_V_ERR_UNABLE_TO_GET_CRL)
    {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    return ok;
}

/** \return the verdict that OpenSSL's \p error means */
ChainVerdict
VerdictOf(int error)
{
    switch (error)
    {
    case X509_V_OK:
        return ChainVerdict::OK;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ChainVerdict::EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ChainVerdict::NOT_YET_VALID;
    case X509_V_ERR_CERT_REVOKED:
        return ChainVerdict::REVOKED;
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return ChainVerdict::TOO_LONG;
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return ChainVerdict::STALE_LIST;
    default:
        return ChainVerdict::UNTRUSTED;
    }
}

/** \return the keys that verified the signatures of the chain that \p context has built */
std::vector<SigningKind>
KeysUsed(X509_STORE_CTX* context)
{
    std::vector<SigningKind> keys;
    STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
    for (int i = 1; chain != nullptr && i < sk_X509_num(chain); ++i)
    {
        if (const auto kind = KindOf(X509_get0_pubkey(sk_X509_value(chain, i))))
        {
            keys.push_back(*kind);
        }
    }
    return keys;
}

} // namespace

/** Keeps OpenSSL out of the header. */
struct TrustStore::Inner
{
    Store store{X509_STORE_new()};                           //!< the anchors
    std::vector<std::shared_ptr<const Certificate>> anchors; //!< the same
    std::vector<KeyHash> hashes;                             //!< of their keys
    std::vector<X509List> lists;                             //!< of all issuers

    /** \return of each issuer's lists the newest that is not from after \p now */
    Lists Current(time_t now) const
    {
        Lists current(sk_X509_CRL_new_null());
        for (size_t i = 0; current && i < lists.size(); ++i)
        {
            bool counts = IsOutBy(lists[i].get(), now);
            for (size_t other = 0; counts && other < lists.size(); ++other)
            {
                counts = !IsOutBy(lists[other].get(), now) || !Outdoes(other, i);
            }
            if (counts)
            {
                sk_X509_CRL_push(current.get(), lists[i].get());
            }
        }
        return current;
    }

    /** \return whether \p list has been issued at \p now */
    static bool IsOutBy(const X509_CRL* list, time_t now)
    {
        return ASN1_TIME_cmp_time_t(X509_CRL_get0_lastUpdate(list), now) <= 0;
    }

    /** \return whether list \p a is of the issuer of list \p b, and newer or of the same second
     *  and added later */
    bool Outdoes(size_t a, size_t b) const
    {
        const X509_CRL* first = lists[a].get();
        const X509_CRL* second = lists[b].get();
        const int order =
            ASN1_TIME_compare(X509_CRL_get0_lastUpdate(first), X509_CRL_get0_lastUpdate(second));
        return X509_NAME_cmp(X509_CRL_get_issuer(first), X509_CRL_get_issuer(second)) == 0 &&
               (order > 0 || (order == 0 && a > b));
    }
};

TrustStore::TrustStore()
    : m_inner(std::make_unique<Inner>())
{
}

TrustStore::~TrustStore() = default;

bool
TrustStore::AddAnchor(std::shared_ptr<const Certificate> anchor)
{
    const ErrorQueueGuard guard;
    if (!anchor || !anchor->Key() || !m_inner->store)
    {
        return false;
    }
    X509* x509 = anchor->Inside().x509.get();
    if (X509_check_ca(x509) == 0 || X509_self_signed(x509, 1) != 1 ||
        X509_STORE_add_cert(m_inner->store.get(), x509) != 1)
    {
        return false;
    }
    m_inner->hashes.push_back(anchor->Key()->Hash());
    m_inner->anchors.push_back(std::move(anchor));
    return true;
}

bool
TrustStore::AddRevocationList(ByteView der)
{
    const ErrorQueueGuard guard;
    if (der.empty() || der.size() > LIST_OCTETS_MAX)
    {
        return false;
    }
    const uint8_t* at = der.data();
    X509List list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    if (!list || at != der.end())
    {
        return false;
    }
    const bool known =
        std::any_of(m_inner->anchors.begin(),
                    m_inner->anchors.end(),
                    [&list](const std::shared_ptr<const Certificate>& anchor) {
                        X509* x509 = anchor->Inside().x509.get();
                        return X509_NAME_cmp(X509_get_subject_name(x509),
                                             X509_CRL_get_issuer(list.get())) == 0 &&
                               X509_CRL_verify(list.get(), X509_get0_pubkey(x509)) == 1;
                    });
    if (known)
    {
        m_inner->lists.push_back(std::move(list));
    }
    return known;
}

bool
TrustStore::AddRevocationListPem(const std::string& text)
{
    const ErrorQueueGuard guard;
    const Bio bio = ReadFrom(text);
    bool any = false;
    while (bio)
    {
        const X509List list(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
        if (!list)
        {
            return any && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
        }
        if (!AddRevocationList(ToDer<i2d_X509_CRL>(list.get())))
        {
            return false;
        }
        any = true;
    }
    return false;
}

const std::vector<KeyHash>&
TrustStore::AnchorHashes() const
{
    return m_inner->hashes;
}

ChainResult
TrustStore::Check(const Certificate& leaf,
                  const std::vector<std::shared_ptr<const Certificate>>& others,
                  Time now) const
{
    const ErrorQueueGuard guard;
    ChainResult result;
    if (others.size() > static_cast<size_t>(DEPTH_MAX))
    {
        result.verdict = ChainVerdict::TOO_LONG;
        return result;
    }
    const time_t seconds = WholeSeconds(now);
    const Lists lists = m_inner->Current(seconds);
    const Certificates between(sk_X509_new_null());
    const StoreContext context(X509_STORE_CTX_new());
    if (!m_inner->store || !lists || !between || !context ||
        X509_STORE_CTX_init(context.get(),
                            m_inner->store.get(),
                            leaf.Inside().x509.get(),
                            between.get()) != 1)
    {
        return result;
    }
    for (const auto& other : others)
    {
        sk_X509_push(between.get(), other->Inside().x509.get());
    }
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, seconds);
    X509_VERIFY_PARAM_set_depth(param, DEPTH_MAX);
    X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    X509_STORE_CTX_set0_crls(context.get(), lists.get());
    X509_STORE_CTX_set_verify_cb(context.get(), &Judge);
    const bool believed = X509_verify_cert(context.get()) == 1;
    const ChainVerdict verdict = VerdictOf(X509_STORE_CTX_get_error(context.get()));
    // OpenSSL may say no without an error, for want of memory.
    result.verdict = !believed && verdict == ChainVerdict::OK ? ChainVerdict::UNTRUSTED : verdict;
    if (result.verdict != ChainVerdict::UNTRUSTED && result.verdict != ChainVerdict::TOO_LONG)
    {
        result.verified = KeysUsed(context.get());
    }
    return result;
}

} // namespace karp
} // namespace ns3
