/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-diagnostics.h"
#include "karp-scenario-network.h"

#include "ns3/config.h"
#include "ns3/karp-cpu-model.h"
#include "ns3/object-factory.h"
#include "ns3/string.h"

#include <algorithm>
#include <charconv>

/**
 * \file
 * \ingroup karp
 * Key attr of block protocol: ns-3 attributes by their names.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the classes whose attributes may be named without the class */
std::vector<TypeId>
OwnTypes()
{
    return {KmpApplication::GetTypeId(),
            OspfApplication::GetTypeId(),
            Router::GetTypeId(),
            CpuModel::GetTypeId()};
}

/** \return names of the attributes of \p types */
std::vector<std::string>
AttributeNames(const std::vector<TypeId>& types)
{
    std::vector<std::string> names;
    for (const TypeId& tid : types)
    {
        for (size_t i = 0; i < tid.GetAttributeN(); ++i)
        {
            names.push_back(tid.GetAttribute(i).name);
        }
    }
    return names;
}

/** \return whether \p text is a number with one of \p units */
bool
HasUnit(const std::string& text, const std::vector<std::string>& units)
{
    const char* end = text.data() + text.size();
    double number = 0;
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() &&
           std::find(units.begin(), units.end(), std::string(parsed.ptr, end)) != units.end();
}

/** \return whether \p text is one of the words of \p list, which are apart by bars */
bool
IsOneOf(const std::string& text, const std::string& list)
{
    return ("|" + list + "|").find("|" + text + "|") != std::string::npos;
}

/**
 * ns-3 ends the program where a value cannot be parsed, so look first; types of which not even that
 * is known are refused.
 * \return whether \p value has the form of a value of the attribute \p info
 */
bool
HasForm(const TypeId::AttributeInformation& info, const std::string& value)
{
    // Some types are known to ns-3 without its name before theirs.
    const std::string known = info.checker ? info.checker->GetValueTypeName() : "";
    const std::string type = known.rfind("ns3::", 0) == 0 ? known : "ns3::" + known;
    const std::string digits = "0123456789";
    if (type == "ns3::TimeValue")
    {
        return HasUnit(value, {"", "s", "ms", "us", "ns", "ps", "fs", "min", "h", "d", "y"});
    }
    if (type == "ns3::DataRateValue")
    {
        return HasUnit(value, {"bps", "b/s", "kbps", "kb/s", "Mbps", "Mb/s", "Gbps", "Gb/s"});
    }
    if (type == "ns3::QueueSizeValue")
    {
        return HasUnit(value, {"p", "B"});
    }
    if (type == "ns3::DoubleValue" || type == "ns3::IntegerValue")
    {
        return HasUnit(value, {""});
    }
    if (type == "ns3::UintegerValue")
    {
        return !value.empty() && value.find_first_not_of(digits) == std::string::npos;
    }
    if (type == "ns3::BooleanValue" || type == "BooleanValue")
    {
        return IsOneOf(value, "true|false|1|0|t|f");
    }
    if (type.rfind("ns3::EnumValue", 0) == 0) // a template over its type from 3.41 on
    {
        return IsOneOf(value, info.checker->GetUnderlyingTypeInformation());
    }
    if (type == "ns3::Ipv4AddressValue")
    {
        return std::count(value.begin(), value.end(), '.') == 3 &&
               HasUnit(value.substr(0, 1), {""}) &&
               value.find_first_not_of(digits + ".") == std::string::npos;
    }
    return type == "ns3::StringValue";
}

/** \return whether \p value is a value of the attribute \p info called \p name of \p tid */
bool
IsValid(TypeId tid,
        const TypeId::AttributeInformation& info,
        const std::string& name,
        const std::string& value)
{
    if (!HasForm(info, value) || !info.checker->CreateValidValue(StringValue(value)))
    {
        return false;
    }
    if (tid.GetName().rfind("ns3::karp::", 0) != 0 || !tid.HasConstructor())
    {
        return true;
    }
    // Ours may have a say of their own, such as in names of cipher suites.
    ObjectFactory factory;
    factory.SetTypeId(tid);
    Ptr<Object> probe = factory.Create<Object>();
    const bool taken = probe->SetAttributeFailSafe(name, StringValue(value));
    probe->Dispose();
    return taken;
}

/** An attribute's name, taken apart. */
struct AttributeName
{
    std::string type; //!< empty: one of ours
    std::string name; //!< of the attribute
};

/** \return "ns3::Type::Name" or "Name" taken apart */
AttributeName
TakeApart(const std::string& text)
{
    const size_t colons = text.rfind("::");
    return colons == std::string::npos
               ? AttributeName{"", text}
               : AttributeName{text.substr(0, colons), text.substr(colons + 2)};
}

} // namespace

std::string
ScenarioNetwork::CheckAttribute(const std::string& name, const std::string& value)
{
    std::vector<TypeId> types = OwnTypes();
    std::string last = name;
    const size_t colons = name.rfind("::");
    if (colons != std::string::npos)
    {
        TypeId tid;
        last = name.substr(colons + 2);
        if (!TypeId::LookupByNameFailSafe(name.substr(0, colons), &tid))
        {
            std::vector<std::string> names;
            for (const TypeId& own : types)
            {
                names.push_back(own.GetName());
            }
            return "there is no ns-3 type '" + name.substr(0, colons) + "'" +
                   Hint(name.substr(0, colons), names);
        }
        types = {tid};
    }
    for (const TypeId& tid : types)
    {
        TypeId::AttributeInformation info;
        if (tid.LookupAttributeByName(last, &info))
        {
            return IsValid(tid, info, last, value)
                       ? ""
                       : "'" + value + "' is no value of attribute '" + last + "'";
        }
    }
    return "there is no attribute '" + last + "'" + Hint(last, AttributeNames(types));
}

void
ScenarioNetwork::ApplyAttributes(KmpHelper& kmp, OspfHelper& ospf)
{
    for (const auto& attribute : m_scenario.protocol.attributes)
    {
        const AttributeName parts = TakeApart(attribute.first);
        const StringValue value(attribute.second);
        bool ours = false;
        for (const TypeId& tid : OwnTypes())
        {
            TypeId::AttributeInformation info;
            if (ours || !tid.LookupAttributeByName(parts.name, &info) ||
                (!parts.type.empty() && parts.type != tid.GetName()))
            {
                continue;
            }
            ours = true;
            if (tid == KmpApplication::GetTypeId())
            {
                kmp.Set(parts.name, value);
            }
            else if (tid == OspfApplication::GetTypeId())
            {
                ospf.Set(parts.name, value);
            }
            else
            {
                SetOfRouters(parts.name, value);
            }
        }
    }
}

void
ScenarioNetwork::SetOfRouters(const std::string& name, const AttributeValue& value)
{
    for (uint32_t i = 0; i < Size(); ++i)
    {
        Ptr<Router> router = RouterOf(i);
        if (!router->SetAttributeFailSafe(name, value))
        {
            router->Cpu()->SetAttribute(name, value);
        }
    }
}

void
ScenarioNetwork::SetForeignDefaults() const
{
    for (const auto& attribute : m_scenario.protocol.attributes)
    {
        const AttributeName parts = TakeApart(attribute.first);
        const std::vector<TypeId> own = OwnTypes();
        const bool ours =
            parts.type.empty() || std::any_of(own.begin(), own.end(), [&](const TypeId& tid) {
                return tid.GetName() == parts.type;
            });
        if (!ours)
        {
            Config::SetDefault(attribute.first, StringValue(attribute.second));
        }
    }
}

} // namespace karp
} // namespace ns3
