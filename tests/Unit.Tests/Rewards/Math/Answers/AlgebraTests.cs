namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Functions, equations, roots, logarithms, trigonometry and complex numbers.</summary>
public sealed class AlgebraTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        x^2+2x+1 ~ (x+1)^2
        x^2+2x+1 ~ (1+x)^{2}
        x^2+2x+1 ~ x^2 + 2 \cdot x + 1
        x^2+2x+1 ~ x**2+2*x+1
        x^2+2x+1 ~ y = x^2+2x+1
        x^2+2x+1 ~ f(x) = x^2+2x+1
        x^2+2x+1 ~ P(x) = (x+1)^2
        x^2+2x+1 ~ x²+2x+1
        (x-2)(x+3) ~ x^2+x-6
        (x-2)(x+3) ~ (x+3)(x-2)
        (x-2)(x+3) ~ (2-x)(-x-3)
        3(x-2)(x^2+1) ~ (3x-6)(x^2+1)
        \frac{x+1}{x-1} ~ 1+\frac{2}{x-1}
        \frac{x+1}{x-1} ~ (x+1)/(x-1)
        \frac{x+1}{x-1} ~ \frac{-x-1}{1-x}
        \frac{1}{2}x ~ x/2
        \frac{1}{2}x ~ \frac{x}{2}
        \frac{1}{2}x ~ 0.5x
        \frac{1}{2}x ~ 1/2 x
        \frac{1}{2x} ~ 1/(2x)
        y=2x+3 ~ 2x+3
        y=2x+3 ~ y-2x=3
        y=2x+3 ~ 2x-y+3=0
        y=2x+3 ~ y = 3 + 2x
        y=2x+3 ~ 4x-2y+6=0
        x^2+y^2=25 ~ x^2 + y^2 - 25 = 0
        x^2+y^2=25 ~ y^2+x^2=5^2
        \frac{x^2}{4}+\frac{y^2}{9}=1 ~ 9x^2+4y^2=36
        (x-1)^2+(y+2)^2=9 ~ x^2+y^2-2x+4y-4=0
        y^2=4x ~ x=\frac{y^2}{4}
        a=3 ~ 3
        3 ~ a = 3
        3 ~ f(2)=3
        3 ~ \angle ABC = 3
        3 ~ n = 1+2 = 3
        3 ~ x + y = 3
        3 ~ \frac{a}{b} = 3
        3 ~ |AB| = 3
        3 ~ AB=3
        3 ~ S_{\triangle ABC} = 3
        3 ~ \lim_{x\to 0} f(x) = 3
        3 ~ \text{Area} = 3
        3 ~ \text{Total} = 3 \text{ cm}
        3 ~ P(A) = 3
        3 ~ \sum_{i=1}^n a_i = 3
        3 ~ x \approx 3
        3 ~ \approx 3
        3 ~ = 3
        3 ~ \therefore x = 3
        3 ~ x=3.
        3 ~ \text{Thus, } x = 3
        3 ~ The answer is 3.
        3 ~ Answer: 3
        3 ~ 答案：3
        \sqrt{12} ~ 2\sqrt{3}
        \sqrt{12} ~ 2√3
        \sqrt{12} ~ 2*sqrt(3)
        \sqrt{12} ~ 2 sqrt 3
        \sqrt{12} ~ 12^{1/2}
        \sqrt{12} ~ 12^{0.5}
        \sqrt{12} ~ \sqrt 12
        \sqrt{12} ~ \sqrt[2]{12}
        \sqrt{12} ~ 3.4641016
        \sqrt{12} ~ √12
        \sqrt{12} ~ √(12)
        \sqrt2 ~ \sqrt 2
        2\sqrt3 ~ \sqrt{3}\cdot 2
        2\sqrt3 ~ \frac{6}{\sqrt3}
        \sqrt{3+2\sqrt{2}} ~ 1+\sqrt{2}
        \sqrt{5+2\sqrt{6}} ~ \sqrt2+\sqrt3
        \sqrt{7-4\sqrt3} ~ 2-\sqrt3
        \sqrt[3]{2+\sqrt5} ~ \frac{1+\sqrt5}{2}
        \sqrt[3]{20+14\sqrt2} ~ 2+\sqrt2
        \sqrt[3]{-8} ~ -2
        \sqrt[3]{54} ~ 3\sqrt[3]{2}
        \sqrt[3]{54} ~ 3 \cdot 2^{1/3}
        \sqrt[3]{54} ~ ∛54
        \sqrt[4]{16} ~ 2
        \frac{\sqrt6-\sqrt2}{4} ~ \sin 15^\circ
        \frac{\sqrt6-\sqrt2}{4} ~ \frac{\sqrt{2-\sqrt3}}{2}
        \frac{1}{1+\sqrt2+\sqrt3} ~ \frac{2+\sqrt2-\sqrt6}{4}
        2^{100} ~ 1267650600228229401496703205376
        2^{100} ~ 4^{50}
        2^{100} ~ 2^100
        2^{100} ~ (2^{50})^2
        10! ~ 3628800
        100! ~ 100 \cdot 99!
        \frac{10!}{8!} ~ 90
        2^{-3} ~ \frac{1}{8}
        8^{2/3} ~ 4
        3^{2^2} ~ 81
        -2^2 ~ -4
        \binom{10}{3} ~ 120
        \binom{10}{3} ~ {10 \choose 3}
        \binom{10}{3} ~ C(10,3)
        \binom{10}{3} ~ C_{10}^{3}
        \binom{10}{3} ~ {}_{10}C_3
        \binom{10}{3} ~ ^{10}C_3
        \binom{10}{3} ~ \dbinom{10}{7}
        A_5^2 ~ 20
        \lfloor \pi \rfloor ~ 3
        \lceil \pi \rceil ~ 4
        \lfloor -2.5 \rfloor ~ -3
        \left\lfloor \frac{7}{2} \right\rfloor ~ 3
        \gcd(12, 18) ~ 6
        \text{lcm}(4,6) ~ 12
        \operatorname{lcm}(4,6) ~ 12
        \max(3, 5) ~ 5
        \min\{3, 5\} ~ 3
        \max\{a,b\} ~ \max(b,a)
        |-5| ~ 5
        \left|-5\right| ~ 5
        |3+4i| ~ 5
        \log_2 8 ~ 3
        \log_{2}{8} ~ 3
        \log_2(8) ~ 3
        log_2(8) ~ 3
        \log 100 ~ 2
        \lg 100 ~ 2
        \ln e^2 ~ 2
        \log_4 8 ~ 1.5
        \log_2 3 ~ \frac{\ln 3}{\ln 2}
        \log_2 3 ~ \frac{\log 3}{\log 2}
        \log_2 3 \cdot \log_3 4 ~ 2
        \ln 6 ~ \ln 2 + \ln 3
        \ln 8 ~ 3\ln 2
        \ln\frac12 ~ -\ln 2
        2\ln 3 ~ \ln 9
        \ln 2 ~ \log_e 2
        \ln 2 ~ 0.693147
        e^{\ln 5} ~ 5
        \exp(2) ~ e^2
        \sin\frac{\pi}{6} ~ \frac12
        \sin 30^\circ ~ \frac12
        \sin 30° ~ 0.5
        \cos\frac{2\pi}{5} ~ \frac{\sqrt5-1}{4}
        \tan 15^\circ ~ 2-\sqrt3
        \tan\frac{\pi}{8} ~ \sqrt2-1
        \sin^2 x ~ 1-\cos^2 x
        \sin 2x ~ 2\sin x\cos x
        \cos 2x ~ 1 - 2\sin^2 x
        \tan x ~ \frac{\sin x}{\cos x}
        \sec x ~ \frac{1}{\cos x}
        \arcsin\frac12 ~ \frac{\pi}{6}
        \sin^{-1}\frac12 ~ \frac{\pi}{6}
        \arctan 1+\arctan 2+\arctan 3 ~ \pi
        \arccos\left(-\frac12\right) ~ \frac{2\pi}{3}
        \arccos\left(-\frac12\right) ~ 120^\circ
        \frac{\pi}{4} ~ \pi/4
        \frac{\pi}{4} ~ π/4
        \frac{\pi}{4} ~ 0.25\pi
        \frac{\pi}{4} ~ \frac{1}{4}\pi
        \frac{\pi}{4} ~ 45^\circ
        \frac{\pi}{4} ~ 0.785398
        2\pi r ~ 2 \pi r
        \pi r^2 h ~ \pi h r^{2}
        x=\frac{\pi}{2}+k\pi ~ \frac{\pi}{2}+k\pi
        \frac{\pi}{2}+k\pi, k\in\mathbb{Z} ~ x=\frac{\pi}{2}+k\pi \ (k \in \mathbb{Z})
        \frac{\pi}{2}+k\pi ~ k\pi + \frac{\pi}{2}, k \in Z
        3+4i ~ 4i+3
        3+4i ~ 3+4\mathrm{i}
        3+4i ~ 3 + 4 \cdot i
        3+4i ~ 3+4I
        3+4i ~ z = 3+4i
        5 ~ (2+i)(2-i)
        i ~ \sqrt{-1}
        e^{i\pi} ~ -1
        \frac{1}{i} ~ -i
        \frac{1+i}{1-i} ~ i
        \sqrt{2}(\cos 45^\circ+i\sin 45^\circ) ~ 1+i
        2e^{i\pi/3} ~ 1+i\sqrt3
        2\operatorname{cis} 60^\circ ~ 1+i\sqrt3
        -\frac12+\frac{\sqrt3}{2}i ~ e^{2\pi i/3}
        \pm i ~ i, -i
        \pm 2i ~ 2i,-2i
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        x^2+2x+1 ~ x^2+2x
        x^2+2x+1 ~ y^2+2y+1
        x^2+2x+1 ~ x^2+2x+1=0
        \frac{x+1}{x-1} ~ x+1/x-1
        y=2x+3 ~ y=2x-3
        y=2x+3 ~ x=2y+3
        x^2+y^2=25 ~ x^2-y^2=25
        x^2+y^2=25 ~ x+y=5
        x^2+y^2=25 ~ 25
        3 ~ x = 3 \text{ or } x = 4
        3 ~ x = 4 = 3 + 1
        3 ~ 3x
        3 ~ 3 + x
        \sqrt{12} ~ \sqrt{1}2
        \sqrt{12} ~ 3.46
        \sqrt{12} ~ \pm\sqrt{12}
        \sqrt{3+2\sqrt{2}} ~ 1+\sqrt{3}
        2^{100} ~ 2^{10}0
        2^{100} ~ 1267650600228229401496703205377
        2^{100} ~ 1.2676506\times10^{30}
        (-2)^2 ~ -4
        \ln 6 ~ \ln 2 \cdot \ln 3
        \log_2 3 ~ \log_3 2
        \sin 30^\circ ~ \sin 30
        \frac{\pi}{4} ~ 0.785
        \frac{\pi}{4} ~ 0.7853
        2\pi ~ 6.28
        3+4i ~ 3-4i
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
