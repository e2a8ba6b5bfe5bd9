using System.Collections.Frozen;

namespace Fleet.Rewards.Math.Latex;

/// <summary>What the names of LaTeX commands, Unicode signs and plain words mean in an answer.</summary>
internal static class Vocabulary
{
    /// <summary>Commands that leave nothing behind.</summary>
    public static readonly FrozenSet<string> Silent = new[]
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm", "mleft", "mright", "middle",
        "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "mathbf", "boldsymbol", "bm", "mathit", "mathcal", "mathscr", "mathfrak", "mathsf", "bf", "it", "rm", "sf",
        "hline", "cline", "thinspace", "medspace", "thickspace", "negthinspace", "nonumber", "notag", "smash", "phantom", "hfill", "null", "relax", "noindent", "vphantom", "hphantom",
        "normalsize", "large", "Large", "small", "footnotesize", "strut", "enspace", "ensuremath", "math", "color", "checkmark", "qed", "blacksquare", "centering", "mathop", "mathrel", "mathbin", "mathord",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Commands whose braces hold text.</summary>
    public static readonly FrozenSet<string> TextCommands = new[]
    {
        "text", "textbf", "textit", "textrm", "textnormal", "textsf", "texttt", "textsc", "textup", "textmd", "mbox", "hbox", "mathrm", "operatorname", "mathtt", "emph", "underline", "unit", "si", "textsl",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Marks over or under a letter, kept as a part of its name.</summary>
    public static readonly FrozenDictionary<string, string> Accents = Table(
        "bar=bar overline=bar vec=vec overrightarrow=vec hat=hat widehat=hat tilde=tilde widetilde=tilde dot=dot ddot=ddot wideparen=arc overarc=arc overparen=arc " +
        "textcircled=circled overleftrightarrow=line check=check breve=breve mathring=ring acute=acute grave=grave underbar=underbar");

    public static readonly FrozenSet<string> Greek = new[]
    {
        "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi", "varpi", "rho", "varrho", "sigma", "varsigma",
        "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "hbar", "aleph", "partial", "nabla", "Re", "Im", "wp", "beth", "imath", "jmath",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Functions of one argument that may be written without brackets.</summary>
    public static readonly FrozenDictionary<string, string> Functions = Table(
        "sin=sin cos=cos tan=tan cot=cot sec=sec csc=csc cosec=csc tg=tan ctg=cot arcsin=arcsin arccos=arccos arctan=arctan arccot=arccot arcsec=arcsec arccsc=arccsc asin=arcsin " +
        "acos=arccos atan=arctan arctg=arctan sinh=sinh cosh=cosh tanh=tanh coth=coth sech=sech csch=csch arcsinh=arsinh arccosh=arcosh arctanh=artanh asinh=arsinh acosh=arcosh " +
        "atanh=artanh arsinh=arsinh arcosh=arcosh artanh=artanh ln=ln log=log lg=lg exp=exp Ln=ln Log=log det=det gcd=gcd lcm=lcm max=max min=min sup=sup inf=inf deg=deg dim=dim " +
        "ker=ker arg=arg sgn=sgn sign=sgn tr=tr Tr=tr rank=rank proj=proj span=span abs=abs floor=floor ceil=ceil hom=hom Pr=Pr erf=erf Var=Var Cov=Cov Si=Si Ei=Ei lambertw=W " +
        "factorial=factorial cbrt=cbrt binomial=binom cis=cis");

    public static readonly FrozenDictionary<string, string> Relations = Table(
        "le=<= leq=<= leqslant=<= leqq=<= ge=>= geq=>= geqslant=>= geqq=>= lt=< gt=> ne=!= neq=!= approx=approx approxeq=approx simeq=approx thickapprox=approx doteq=approx " +
        "sim=sim equiv=equiv cong=cong in=in notin=notin ni=ni subset=subset subseteq=subseteq subsetneq=subsetneq supset=supset supseteq=supseteq to=to rightarrow=to " +
        "Rightarrow=implies implies=implies longrightarrow=to Longrightarrow=implies mapsto=mapsto leftarrow=from Leftarrow=impliedby leftrightarrow=iff Leftrightarrow=iff iff=iff " +
        "Longleftrightarrow=iff perp=perp parallel=parallel propto=propto ll=ll gg=gg trianglelefteq=normal models=models vdash=vdash coloneqq== triangleq== prec=prec succ=succ " +
        "preceq=preceq succeq=succeq nmid=nmid asymp=asymp hookrightarrow=embeds twoheadrightarrow=onto therefore=implies because=impliedby xrightarrow=to");

    public static readonly FrozenDictionary<string, string> Operators = Table(
        "times=* cdot=* ast=* div=/ pm=pm mp=mp cup=cup cap=cap setminus=setminus backslash=setminus smallsetminus=setminus bullet=bullet circ=circ otimes=otimes oplus=oplus " +
        "wedge=wedge vee=vee land=wedge lor=vee rtimes=rtimes ltimes=ltimes star=star triangle=triangle sqcup=sqcup uplus=uplus odot=odot over=/");

    /// <summary>Single characters beyond ASCII, as the text they stand for.</summary>
    public static readonly FrozenDictionary<char, string> Signs = Table(
        "×=* ·=* ⋅=* ∙=* ∗=* ÷=/ −=- –=- —=- ±=\\pm ∓=\\mp √=\\sqrt ∛=\\sqrt[3] π=\\pi ∞=\\infty ≤=<= ≥=>= ≦=<= ≧=>= ⩽=<= ⩾=>= ≠=\\ne ≈=\\approx ≡=\\equiv ∈=\\in ∉=\\notin ∪=\\cup " +
        "∩=\\cap ∖=\\setminus ∅=\\emptyset ø=\\emptyset °=^\\circ º=^\\circ ′=' ’=' ″='' …=\\ldots ⋯=\\cdots →=\\to ⇒=\\Rightarrow ⇔=\\iff ⊂=\\subset ⊆=\\subseteq ∠=\\angle " +
        "△=\\triangle ⊥=\\perp ∥=\\parallel ∣=\\mid ∶=: ⌊=\\lfloor ⌋=\\rfloor ⌈=\\lceil ⌉=\\rceil ⟨=\\langle ⟩=\\rangle ℝ=\\mathbb{R} ℤ=\\mathbb{Z} ℕ=\\mathbb{N} ℚ=\\mathbb{Q} " +
        "ℂ=\\mathbb{C} ∑=\\sum ∏=\\prod ∫=\\int ∂=\\partial ∇=\\nabla ∘=\\circ ⊕=\\oplus ⊗=\\otimes ∧=\\wedge ∨=\\vee ½=\\frac{1}{2} ⅓=\\frac{1}{3} ⅔=\\frac{2}{3} ¼=\\frac{1}{4} " +
        "¾=\\frac{3}{4} ⅕=\\frac{1}{5} ⅛=\\frac{1}{8} ⅜=\\frac{3}{8} ⅝=\\frac{5}{8} ⅞=\\frac{7}{8} ⅙=\\frac{1}{6} ²=^{2} ³=^{3} ¹=^{1} ⁰=^{0} ⁴=^{4} ⁵=^{5} ⁶=^{6} ⁷=^{7} ⁸=^{8} " +
        "⁹=^{9} ⁿ=^{n} ⁻=^{-1} ₀=_{0} ₁=_{1} ₂=_{2} ₃=_{3} ₄=_{4} ₅=_{5} ₆=_{6} ₇=_{7} ₈=_{8} ₉=_{9} ₙ=_{n} α=\\alpha β=\\beta γ=\\gamma δ=\\delta ε=\\epsilon θ=\\theta λ=\\lambda " +
        "μ=\\mu ρ=\\rho σ=\\sigma τ=\\tau φ=\\phi ω=\\omega ξ=\\xi η=\\eta ψ=\\psi Δ=\\Delta Σ=\\Sigma Ω=\\Omega 、=, ，=, ；=; ：=: 。=. （=( ）=) 【=[ 】=] “=\" ”=\" ‘=' ％=% ﹣=- " +
        "①=\\textcircled{1} ②=\\textcircled{2} ③=\\textcircled{3} ④=\\textcircled{4} ⑤=\\textcircled{5}")
        .ToFrozenDictionary(pair => pair.Key[0], pair => Spaced(pair.Value));

    /// <summary>Words that join answers to a list.</summary>
    public static readonly FrozenSet<string> Conjunctions = new[] { "and", "or", "&", "且", "或", "和", "与", "及", "或者", "以及", "并且" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a conjunction says that one of its sides holds rather than both.</summary>
    public static bool IsOr(string word) => word.Trim(',', ' ').ToLowerInvariant() is "or" or "或" or "或者";

    /// <summary>Environments that hold a matrix.</summary>
    public static readonly FrozenSet<string> MatrixEnvironments = new[]
    {
        "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "psmallmatrix", "bsmallmatrix", "tabular",
    }.ToFrozenSet(StringComparer.Ordinal);

    // "name=value name=value": one entry a word, so that a table reads like one.
    private static FrozenDictionary<string, string> Table(string entries) => entries.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => (Name: entry[..entry.IndexOf('=', 1)], Value: entry[(entry.IndexOf('=', 1) + 1)..]))
        .ToFrozenDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);

    // A command must not run into the letters behind it.
    private static string Spaced(string value) => value[0] == '\\' && char.IsAsciiLetter(value[^1]) || value == "^\\circ" ? value + " " : value;
}
