/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sa-negotiation.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the key length that \p suite says on the wire: none where the key has one size only */
std::optional<uint16_t>
KeyLengthAttribute(const CipherSuite& suite)
{
    if (suite.encr == EncrId::CHACHA20_POLY1305)
    {
        return std::nullopt;
    }
    return suite.keyLength;
}

/** \return a proposal of protocol IKE that says \p suite and nothing else */
IkeProposal
ProposalOf(const CipherSuite& suite, uint8_t number)
{
    IkeProposal proposal;
    proposal.number = number;
    proposal.protocol = IkeProtocol::IKE;
    const auto add = [&proposal](IkeTransformType type, uint16_t id) -> IkeTransform& {
        IkeTransform transform;
        transform.type = type;
        transform.id = id;
        proposal.transforms.push_back(transform);
        return proposal.transforms.back();
    };
    add(IkeTransformType::ENCR, static_cast<uint16_t>(suite.encr)).keyLength =
        KeyLengthAttribute(suite);
    if (suite.integ != IntegId::NONE)
    {
        // With AEAD there is no integrity transform at all (RFC 5282 section 8).
        add(IkeTransformType::INTEG, static_cast<uint16_t>(suite.integ));
    }
    add(IkeTransformType::PRF, static_cast<uint16_t>(suite.prf));
    add(IkeTransformType::KE, static_cast<uint16_t>(suite.group));
    return proposal;
}

/** \return whether \p type is one that an IKE proposal is made of here */
bool
IsKnownType(IkeTransformType type)
{
    return type == IkeTransformType::ENCR || type == IkeTransformType::PRF ||
           type == IkeTransformType::INTEG || type == IkeTransformType::KE;
}

/** \return whether \p proposal offers transform \p id of \p type with just that key length */
bool
Offers(const IkeProposal& proposal,
       IkeTransformType type,
       uint16_t id,
       std::optional<uint16_t> keyLength)
{
    return std::any_of(proposal.transforms.begin(),
                       proposal.transforms.end(),
                       [&](const IkeTransform& transform) {
                           return transform.type == type && transform.id == id &&
                                  transform.keyLength == keyLength &&
                                  !transform.HasUnknownAttribute();
                       });
}

/** \return whether \p proposal leaves integrity out, or offers to (RFC 5282 section 8) */
bool
OffersNoIntegrity(const IkeProposal& proposal)
{
    const bool absent = std::none_of(
        proposal.transforms.begin(),
        proposal.transforms.end(),
        [](const IkeTransform& transform) { return transform.type == IkeTransformType::INTEG; });
    return absent || Offers(proposal, IkeTransformType::INTEG, 0, std::nullopt);
}

/** \return whether \p suite can be chosen from \p proposal */
bool
Contains(const IkeProposal& proposal, const CipherSuite& suite)
{
    const bool known =
        proposal.protocol == IkeProtocol::IKE && proposal.spi.empty() &&
        std::all_of(proposal.transforms.begin(),
                    proposal.transforms.end(),
                    [](const IkeTransform& transform) { return IsKnownType(transform.type); });
    if (!known)
    {
        return false;
    }
    const bool integrity = suite.integ == IntegId::NONE ? OffersNoIntegrity(proposal)
                                                        : Offers(proposal,
                                                                 IkeTransformType::INTEG,
                                                                 static_cast<uint16_t>(suite.integ),
                                                                 std::nullopt);
    return integrity &&
           Offers(proposal,
                  IkeTransformType::ENCR,
                  static_cast<uint16_t>(suite.encr),
                  KeyLengthAttribute(suite)) &&
           Offers(proposal,
                  IkeTransformType::PRF,
                  static_cast<uint16_t>(suite.prf),
                  std::nullopt) &&
           Offers(proposal, IkeTransformType::KE, static_cast<uint16_t>(suite.group), std::nullopt);
}

/** \return whether \p proposal has exactly the transforms that \p suite needs */
bool
IsExactly(const IkeProposal& proposal, const CipherSuite& suite)
{
    // Some implementations answer AEAD with an integrity transform NONE; that too is exact.
    const bool sayNone =
        suite.integ == IntegId::NONE && Offers(proposal, IkeTransformType::INTEG, 0, std::nullopt);
    const size_t size = suite.integ != IntegId::NONE || sayNone ? 4 : 3;
    return proposal.transforms.size() == size && Contains(proposal, suite);
}

} // namespace

std::vector<CipherSuite>
UsableSuites(const std::vector<CipherSuite>& suites)
{
    std::vector<CipherSuite> usable;
    for (const auto& suite : suites)
    {
        if (usable.size() < MAX_PROPOSALS && suite.IsSupported())
        {
            usable.push_back(suite);
        }
    }
    return usable;
}

SaPayload
OfferSuites(const std::vector<CipherSuite>& suites)
{
    SaPayload offer;
    for (const auto& suite : suites)
    {
        const auto number = static_cast<uint8_t>(offer.proposals.size() + 1);
        offer.proposals.push_back(ProposalOf(suite, number));
    }
    return offer;
}

SaPayload
AnswerSuite(const SuiteChoice& choice)
{
    SaPayload answer;
    answer.proposals.push_back(ProposalOf(choice.suite, choice.number));
    return answer;
}

std::optional<SuiteChoice>
ChooseSuite(const SaPayload& offer, const std::vector<CipherSuite>& accepted)
{
    for (const auto& suite : accepted)
    {
        for (const auto& proposal : offer.proposals)
        {
            if (Contains(proposal, suite))
            {
                return SuiteChoice{suite, proposal.number};
            }
        }
    }
    return std::nullopt;
}

std::optional<CipherSuite>
CheckAnswer(const SaPayload& answer, const std::vector<CipherSuite>& offered)
{
    if (answer.proposals.size() != 1)
    {
        return std::nullopt;
    }
    const IkeProposal& proposal = answer.proposals.front();
    if (proposal.number < 1 || proposal.number > offered.size())
    {
        return std::nullopt;
    }
    const CipherSuite& suite = offered[proposal.number - 1];
    if (!IsExactly(proposal, suite))
    {
        return std::nullopt;
    }
    return suite;
}

} // namespace karp
} // namespace ns3
