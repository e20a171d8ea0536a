/* proto/option_type.c - what is true of every value of a type. */
#include "proto/option.h"

const char *option_type_example(enum option_type type)
{
    switch (type) {
    case OPTION_TYPE_IP:
        return "an IPv4 address such as 10.0.0.1";
    case OPTION_TYPE_IP_LIST:
        return "a list of IPv4 addresses such as 10.0.0.1";
    case OPTION_TYPE_IP_PAIRS:
        return "a list of pairs of IPv4 addresses such as \"10.1.0.0 10.0.0.1\"";
    case OPTION_TYPE_U8:
        return "a number from 0 to 255";
    case OPTION_TYPE_U16:
        return "a number from 0 to 65535";
    case OPTION_TYPE_U32:
        return "a number from 0 to 4294967295";
    case OPTION_TYPE_I32:
        return "a number from -2147483648 to 2147483647";
    case OPTION_TYPE_U8_LIST:
        return "a list of numbers from 0 to 255";
    case OPTION_TYPE_U16_LIST:
        return "a list of numbers from 0 to 65535";
    case OPTION_TYPE_BOOL:
        return "true or false";
    case OPTION_TYPE_STRING:
        return "a text, not empty and without control characters";
    case OPTION_TYPE_FQDN:
        return "a domain name such as lost.example.net";
    case OPTION_TYPE_FQDN_LIST:
        return "a list of domain names such as example.net";
    case OPTION_TYPE_ROUTES:
        return "a list of routes such as \"10.0.0.0/8 via 10.77.0.1\" or \"default via "
               "10.77.0.1\"";
    case OPTION_TYPE_TUPLES:
        return "a list of texts of 1 to 255 bytes";
    case OPTION_TYPE_URI_TUPLES:
        return "a list of URIs such as https://boot.example.net/";
    case OPTION_TYPE_BINARY:
        return "bytes in hexadecimal such as aa:bb:cc or 0xaabbcc, or a text such as "
               "\"text:abc\"";
    case OPTION_TYPE_EMPTY:
        return "no value (\"\")";
    case OPTION_TYPE_I8:
        return "a number from -128 to 127";
    case OPTION_TYPE_I16:
        return "a number from -32768 to 32767";
    case OPTION_TYPE_U64:
        return "a number from 0 to 18446744073709551615";
    case OPTION_TYPE_U32_LIST:
        return "a list of numbers from 0 to 4294967295";
    case OPTION_TYPE_I32_LIST:
        return "a list of numbers from -2147483648 to 2147483647";
    case OPTION_TYPE_BOOL_LIST:
        return "a list of true or false";
    case OPTION_TYPE_IP6:
        return "an IPv6 address such as 2001:db8::1";
    case OPTION_TYPE_IP6_LIST:
        return "a list of IPv6 addresses such as 2001:db8::1";
    case OPTION_TYPE_NAME_LIST:
        return "a list of domain names, such as example.net, none of them compressed";
    case OPTION_TYPE_OPAQUE:
        return "bytes in hexadecimal such as aa:bb:cc, or a text such as \"text:eth7/1\"";
    case OPTION_TYPE_COUNTED_IPS:
        return "IPv4 addresses with commas such as 10.0.0.1,10.0.0.2";
    case OPTION_TYPE_SIP:
        return "a list of IPv4 addresses such as 10.0.0.1, or of domain names such as "
               "sip.example.net";
    case OPTION_TYPE_DNR:
        return "a list of resolvers such as \"1 dot.example.net 10.0.0.53 alpn=dot\": "
               "priority, name, addresses with commas, service parameters";
    case OPTION_TYPE_CLIENT_FQDN:
        return "bytes in hexadecimal: flags, two result codes and the name";
    case OPTION_TYPE_RECORD:
        return "fields such as [10.0.0.1, 8, fast]";
    case OPTION_TYPE_RECORD_LIST:
        return "a list of records such as [[10.0.0.1, 8], [10.0.0.2, 9]]";
    case OPTION_TYPE_SUBOPTIONS:
        return "a map of sub-options such as {priority: 5}, or bytes in hexadecimal";
    case OPTION_TYPE_VENDOR_SPACE:
        return "a map of sub-options such as {pxe.discovery-control: 3}, or bytes in "
               "hexadecimal";
    case OPTION_TYPE_VENDOR_CLASS:
        return "a map of enterprise numbers to texts such as {4491: docsis3.0}";
    case OPTION_TYPE_VENDOR_OPTIONS:
        return "a map of enterprise numbers to sub-options such as {4491: {option-1: 0x02}}";
    }
    return "a value";
}

bool option_type_is_list(enum option_type type)
{
    switch (type) {
    case OPTION_TYPE_IP_LIST:
    case OPTION_TYPE_IP_PAIRS:
    case OPTION_TYPE_U8_LIST:
    case OPTION_TYPE_U16_LIST:
    case OPTION_TYPE_U32_LIST:
    case OPTION_TYPE_I32_LIST:
    case OPTION_TYPE_BOOL_LIST:
    case OPTION_TYPE_IP6_LIST:
    case OPTION_TYPE_FQDN_LIST:
    case OPTION_TYPE_NAME_LIST:
    case OPTION_TYPE_ROUTES:
    case OPTION_TYPE_TUPLES:
    case OPTION_TYPE_URI_TUPLES:
    case OPTION_TYPE_SIP:
    case OPTION_TYPE_DNR:
    case OPTION_TYPE_RECORD_LIST:
        return true;
    case OPTION_TYPE_IP:
    case OPTION_TYPE_U8:
    case OPTION_TYPE_U16:
    case OPTION_TYPE_U32:
    case OPTION_TYPE_U64:
    case OPTION_TYPE_I8:
    case OPTION_TYPE_I16:
    case OPTION_TYPE_I32:
    case OPTION_TYPE_BOOL:
    case OPTION_TYPE_IP6:
    case OPTION_TYPE_STRING:
    case OPTION_TYPE_FQDN:
    case OPTION_TYPE_BINARY:
    case OPTION_TYPE_OPAQUE:
    case OPTION_TYPE_EMPTY:
    case OPTION_TYPE_COUNTED_IPS:
    case OPTION_TYPE_CLIENT_FQDN:
    case OPTION_TYPE_RECORD:
    case OPTION_TYPE_SUBOPTIONS:
    case OPTION_TYPE_VENDOR_SPACE:
    case OPTION_TYPE_VENDOR_CLASS:
    case OPTION_TYPE_VENDOR_OPTIONS:
        return false;
    }
    return false;
}

size_t option_type_size(enum option_type type)
{
    static const uint8_t sizes[OPTION_TYPES] = {
        [OPTION_TYPE_IP] = 4,       [OPTION_TYPE_IP_LIST] = 4,   [OPTION_TYPE_IP_PAIRS] = 8,
        [OPTION_TYPE_U8] = 1,       [OPTION_TYPE_U8_LIST] = 1,   [OPTION_TYPE_U16] = 2,
        [OPTION_TYPE_U16_LIST] = 2, [OPTION_TYPE_U32] = 4,       [OPTION_TYPE_U32_LIST] = 4,
        [OPTION_TYPE_U64] = 8,      [OPTION_TYPE_I8] = 1,        [OPTION_TYPE_I16] = 2,
        [OPTION_TYPE_I32] = 4,      [OPTION_TYPE_I32_LIST] = 4,  [OPTION_TYPE_BOOL] = 1,
        [OPTION_TYPE_IP6] = 16,     [OPTION_TYPE_IP6_LIST] = 16, [OPTION_TYPE_BOOL_LIST] = 1,
    };

    return sizes[type];
}

bool option_type_is_worded(enum option_type type)
{
    return type == OPTION_TYPE_IP_PAIRS || type == OPTION_TYPE_DNR ||
           type == OPTION_TYPE_RECORD || type == OPTION_TYPE_RECORD_LIST;
}
