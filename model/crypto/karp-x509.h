/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_X509_H
#define KARP_X509_H

#include "karp-certificate.h"
#include "karp-pkey.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

/**
 * \file
 * \ingroup karp
 * What the files about certificates share. Private to this room.
 */

namespace ns3
{
namespace karp
{

using X509Certificate = std::unique_ptr<X509, OpensslDeleter<X509_free>>;  //!< a certificate
using X509List = std::unique_ptr<X509_CRL, OpensslDeleter<X509_CRL_free>>; //!< a revocation list

/** \return \p time in seconds since 1970, downwards */
inline time_t
WholeSeconds(Time time)
{
    return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(time).count());
}

/** Keeps OpenSSL out of the header. */
struct Certificate::Inner
{
    X509Certificate x509;                                 //!< as OpenSSL reads it
    Bytes der;                                            //!< as it came
    Bytes subject;                                        //!< its subject in DER
    std::shared_ptr<const PublicKey> key;                 //!< of the subject
    bool maySign{false};                                  //!< by its key usage
    std::vector<std::pair<SubjectNameType, Bytes>> names; //!< of subjectAltName
};

} // namespace karp
} // namespace ns3

#endif // KARP_X509_H
