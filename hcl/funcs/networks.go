package funcs

import (
	"fmt"
	"math/big"
	"net/netip"
	"regexp"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/gocty"
)

// networks are the functions of IP networks.
var networks = map[string]function.Function{
	"cidrhost":    cidrHost,
	"cidrnetmask": cidrNetmask,
	"cidrsubnet":  cidrSubnet,
	"cidrsubnets": cidrSubnets,
}

// network is an IP network whose addresses can be counted.
type network struct{ netip.Prefix }

// leadingZeros are those of the numbers in a network, which Terraform reads as decimal.
var leadingZeros = regexp.MustCompile(`(^|[.:/])0+([0-9A-Fa-f])`)

func parseNetwork(v cty.Value) (network, error) {
	p, err := netip.ParsePrefix(leadingZeros.ReplaceAllString(v.AsString(), "$1$2"))
	if err != nil {
		return network{}, function.NewArgErrorf(0, "%q is not a network in CIDR notation, such as \"10.0.0.0/8\"", v.AsString())
	}
	return network{p.Masked()}, nil
}

// ofNetwork is how a function works whose first argument is a network.
func ofNetwork(impl func(n network, args []cty.Value) (cty.Value, error)) function.ImplFunc {
	return func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		n, err := parseNetwork(args[0])
		if err != nil {
			return cty.NilVal, err
		}
		return impl(n, args)
	}
}

func (n network) bits() int { return n.Addr().BitLen() - n.Bits() }

// at returns the address that is this far from the first one.
func (n network) at(distance *big.Int) netip.Addr {
	sum := new(big.Int).SetBytes(n.Addr().AsSlice())
	bytes := make([]byte, n.Addr().BitLen()/8)
	addr, _ := netip.AddrFromSlice(sum.Add(sum, distance).FillBytes(bytes))
	return addr
}

// size returns how many addresses a network with this many bits has.
func size(bits int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(bits)) }

// extended returns how long the prefix is with more bits, but at least so many, if the network has as many.
func (n network) extended(more, least int) (int, error) {
	switch {
	case more < least:
		return 0, fmt.Errorf("a prefix must be extended by at least %d bits", least)
	case more > n.bits():
		return 0, fmt.Errorf("the prefix of %s cannot be extended by %d bits: it has room for %d", n, more, n.bits())
	}
	return n.Bits() + more, nil
}

func wholeNumber(v cty.Value, arg int) (*big.Int, error) {
	var n *big.Int
	if err := gocty.FromCtyValue(v, &n); err != nil {
		return nil, function.NewArgErrorf(arg, "must be a whole number")
	}
	return n, nil
}

var cidrHost = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "hostnum", Type: cty.Number}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: ofNetwork(func(n network, args []cty.Value) (cty.Value, error) {
		host, err := wholeNumber(args[1], 1)
		if err != nil {
			return cty.NilVal, err
		}
		given := host.String()
		if host.Sign() < 0 { // counted from the end
			host.Add(host, size(n.bits()))
		}
		if host.Sign() < 0 || host.Cmp(size(n.bits())) >= 0 {
			return cty.NilVal, function.NewArgErrorf(1, "%s has no host with the number %s", n, given)
		}
		return cty.StringVal(n.at(host).String()), nil
	}),
})

var cidrNetmask = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: ofNetwork(func(n network, args []cty.Value) (cty.Value, error) {
		if !n.Addr().Is4() {
			return cty.NilVal, function.NewArgErrorf(0, "only networks of IPv4 have a netmask")
		}
		all := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), n.Bits())
		return cty.StringVal(all.Masked().Addr().String()), nil
	}),
})

var cidrSubnet = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}, {Name: "newbits", Type: cty.Number}, {Name: "netnum", Type: cty.Number}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: ofNetwork(func(n network, args []cty.Value) (cty.Value, error) {
		more, err := smallNumber(args[1], 1)
		if err != nil {
			return cty.NilVal, err
		}
		number, err := wholeNumber(args[2], 2)
		if err != nil {
			return cty.NilVal, err
		}
		length, err := n.extended(more, 0)
		if err != nil {
			return cty.NilVal, function.NewArgError(1, err)
		}
		if number.Sign() < 0 || number.Cmp(size(more)) >= 0 {
			return cty.NilVal, function.NewArgErrorf(2, "with %d bits there is no network with the number %s", more, number)
		}
		return subnet(n.at(number.Lsh(number, uint(n.bits()-more))), length), nil
	}),
})

func smallNumber(v cty.Value, arg int) (int, error) {
	var n int
	if err := gocty.FromCtyValue(v, &n); err != nil {
		return 0, function.NewArgErrorf(arg, "must be a whole number of bits")
	}
	return n, nil
}

func subnet(at netip.Addr, length int) cty.Value {
	return cty.StringVal(netip.PrefixFrom(at, length).String())
}

// cidrSubnets places networks one after the other, each where its size allows.
var cidrSubnets = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "prefix", Type: cty.String}},
	VarParam:     &function.Parameter{Name: "newbits", Type: cty.Number},
	Type:         function.StaticReturnType(cty.List(cty.String)),
	RefineResult: notNull,
	Impl: ofNetwork(func(n network, args []cty.Value) (cty.Value, error) {
		var subnets []cty.Value
		next := new(big.Int)
		for i, arg := range args[1:] {
			more, err := smallNumber(arg, i+1)
			if err != nil {
				return cty.NilVal, err
			}
			length, err := n.extended(more, 1)
			if err != nil {
				return cty.NilVal, function.NewArgError(i+1, err)
			}
			own := size(n.bits() - more)
			next.Add(next, new(big.Int).Mod(new(big.Int).Neg(next), own))
			if next.Cmp(size(n.bits())) >= 0 {
				return cty.NilVal, function.NewArgErrorf(i+1, "there is not enough room left in %s for a network with %d more bits", n, more)
			}
			subnets = append(subnets, subnet(n.at(next), length))
			next.Add(next, own)
		}
		if subnets == nil {
			return cty.ListValEmpty(cty.String), nil
		}
		return cty.ListVal(subnets), nil
	}),
})
